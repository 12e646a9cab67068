// query_key_norm_rotary: x / rms(x) · γ over the whole width N·D (all heads together), then every pair (x[2i], x[2i+1]) of a head turned by the
// angle of its token, written in whatever order of heads and tokens the attention wants. One launch does queries, keys, or both.
//
//   tensor     type        shape                notes
//   input      ELEMENT     [B, S, N·D]          by strides, the width contiguous; every row 16-byte aligned
//   gamma      see below   [N·D]                float32 when PARAMETERS_FLOAT32 is 1, else ELEMENT
//   output     ELEMENT     [B, N, S, D]         by strides, D contiguous, strides multiples of 8; may be the input if it has the same strides
//   cosines    float32     [S, D/2]             null: no rotation
//   sines      float32     [S, D/2]             null with the cosines
//
// Launch: grid (tensors · (B·S / RowsPerBlock, rounded up)), block 128; RowsPerBlock: 4 up to N·D = 2048, 2 up to 4096, else 1. Thread blocks take
// queries and keys of the same tokens in turn, so that the second finds the angles in the second-level cache.
// Numbers: float32 from load to store. The composed version rounds to ELEMENT between norm and rotation; this one does not, so it is the more exact
// of the two and differs from it by up to two roundings. Shared memory: 32 bytes.
// Limits: N·D ≤ 8192, D 64 or 128, B·S < 2^31. Compute capability 8.0.
// Source: RMS norm (arXiv 1910.07467), rotary embedding (arXiv 2104.09864).

#ifndef HEAD_DIM
#error "HEAD_DIM must be injected: D, 64 or 128."
#endif

#include "rows.cuh"

struct NormRotaryTensor {
    const void* input;
    const void* gamma;
    void* output;
    long long inputBatchStride, inputTokenStride;                        // in elements
    long long outputBatchStride, outputHeadStride, outputTokenStride;    // in elements
};

struct NormRotaryArguments {
    NormRotaryTensor tensors[2];    // queries and keys; the second is not looked at when there is one
    const float* cosines;
    const float* sines;
    int batch, tokens;              // B, S
    int tensorCount;                // 1 or 2
    float epsilon;                  // added to the mean square
};

static_assert(HEAD_DIM == 64 || HEAD_DIM == 128, "HEAD_DIM must be 64 or 128: then a lane has the same place in a head in every round.");
static_assert(WIDTH % HEAD_DIM == 0, "WIDTH must be N · HEAD_DIM.");
static_assert(RowLanes * VectorElements % HEAD_DIM == 0, "A round of the row must hold whole heads.");

// The four angles of this lane's vectors, the same in every round.
struct LaneAngles {
    float cosines[4], sines[4];
};

__device__ __forceinline__ LaneAngles loadAngles(const NormRotaryArguments& a, int token) {
    const long long pair = (long long)token * (HEAD_DIM / 2) + rowLane() % (HEAD_DIM / VectorElements) * 4;
    const float4 c = *(const float4*)(a.cosines + pair), s = *(const float4*)(a.sines + pair);
    return {{c.x, c.y, c.z, c.w}, {s.x, s.y, s.z, s.w}};
}

__device__ __forceinline__ void turnPairs(float (&x)[VectorElements], const LaneAngles& angles) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
        const float even = x[2 * i], odd = x[2 * i + 1];
        x[2 * i] = even * angles.cosines[i] - odd * angles.sines[i];
        x[2 * i + 1] = even * angles.sines[i] + odd * angles.cosines[i];
    }
}

extern "C" __global__ void __launch_bounds__(RowThreads) xv_query_key_norm_rotary(const __grid_constant__ NormRotaryArguments a) {
    __shared__ RowScratch scratch;
    const bool second = a.tensorCount == 2 && blockIdx.x % 2 == 1;
    const NormRotaryTensor& tensor = a.tensors[second ? 1 : 0];
    const int row = rowOfThread(blockIdx.x / a.tensorCount);
    const bool present = row < a.batch * a.tokens;
    const int item = row / a.tokens, token = row % a.tokens;

    Vector rInput[LaneVectors];
    const long long source = item * tensor.inputBatchStride + token * tensor.inputTokenStride;
    loadRow((const unsigned short*)tensor.input + source, present, rInput);
    const bool turns = present && a.cosines != nullptr;
    LaneAngles angles;
    if (turns) angles = loadAngles(a, token);
    float squares = 0;
#pragma unroll
    for (int i = 0; i < LaneVectors; i++) {
        float x[VectorElements];
        unpack(rInput[i], x);
#pragma unroll
        for (int e = 0; e < VectorElements; e++) squares += x[e] * x[e];
    }
    const float inverse = rsqrtf(rowSum(squares, scratch, 0) * (1.0f / WIDTH) + a.epsilon);
    if (!present) return;

    unsigned short* gOutput = (unsigned short*)tensor.output + item * tensor.outputBatchStride + token * tensor.outputTokenStride;
#pragma unroll
    for (int i = 0; i < LaneVectors; i++) {
        if (!holdsVector(i)) continue;
        const int column = vectorOfLane(i) * VectorElements;
        float x[VectorElements], gamma[VectorElements];
        unpack(rInput[i], x);
        loadParameters(tensor.gamma, column, gamma);
#pragma unroll
        for (int e = 0; e < VectorElements; e++) x[e] = x[e] * inverse * gamma[e];
        if (turns) turnPairs(x, angles);
        storeVector(gOutput + column / HEAD_DIM * tensor.outputHeadStride + column % HEAD_DIM, 0, pack(x));
    }
}
