// gate_add: sum = input + branch · gate, and in the same pass the layer norm of that sum, scaled and shifted as norm_scale_shift does it.
//
//   tensor   type     shape      notes
//   input    ELEMENT  [R, E]     R = B · rowsPerItem, contiguous, 16-byte aligned
//   branch   ELEMENT  [R, E]     likewise
//   gate     float32  [B, E]     a batch item every gateBatchStride numbers; null: 1
//   sum      ELEMENT  [R, E]     written; may be input or branch
//   normed   ELEMENT  [R, E]     written; may be branch if sum is not; null: no norm
//   scale, shift                 as in norm_scale_shift
//
// Launch: grid (R / RowsPerBlock, rounded up), block 128; RowsPerBlock: 4 up to E = 2048, 2 up to 4096, else 1.
// Numbers: float32 inside. The norm sees the sum as it was rounded for the store, so that this kernel gives the same bits as gate_add without a
// norm followed by norm_scale_shift. Shared memory: 32 bytes. Limits: E ≤ 8192, a multiple of 8. Compute capability 8.0.

#include "rows.cuh"

struct GateAddArguments {
    const void* input;
    const void* branch;
    const float* gate;
    void* sum;
    void* normed;
    const void* scale;
    const void* shift;
    long long gateBatchStride, scaleBatchStride, shiftBatchStride;       // in numbers
    int rows;                                           // R
    int rowsPerItem;
    float scaleOffset;                                  // 1: modulation; 0: weight
    float epsilon;                                      // added to the variance
};

// rInput becomes the rounded sum.
__device__ __forceinline__ void addBranch(const GateAddArguments& a, int row, int item, Vector (&rInput)[LaneVectors]) {
    Vector rBranch[LaneVectors];
    loadRow((const uint4*)a.branch + (long long)row * RowVectors, true, rBranch);
    const float* gGate = a.gate == nullptr ? nullptr : a.gate + item * a.gateBatchStride;
#pragma unroll
    for (int i = 0; i < LaneVectors; i++) {
        if (!holdsVector(i)) continue;
        float x[VectorElements], branch[VectorElements], gate[VectorElements];
        unpack(rInput[i], x);
        unpack(rBranch[i], branch);
        if (gGate != nullptr) {
            loadFloats(gGate + vectorOfLane(i) * VectorElements, gate);
#pragma unroll
            for (int e = 0; e < VectorElements; e++) x[e] = fmaf(branch[e], gate[e], x[e]);
        } else {
#pragma unroll
            for (int e = 0; e < VectorElements; e++) x[e] += branch[e];
        }
        rInput[i] = pack(x);
        storeVector((uint4*)a.sum + (long long)row * RowVectors, vectorOfLane(i), rInput[i]);
    }
}

extern "C" __global__ void __launch_bounds__(RowThreads) xv_gate_add_norm(const __grid_constant__ GateAddArguments a) {
    __shared__ RowScratch scratch;
    const int row = rowOfThread(blockIdx.x);
    const bool present = row < a.rows;
    const int item = row / a.rowsPerItem;
    Vector rInput[LaneVectors];
    loadRow((const uint4*)a.input + (long long)row * RowVectors, present, rInput);
    if (present) addBranch(a, row, item, rInput);
    if (a.normed == nullptr) return;
    const NormParameters parameters = {
        parametersOf(a.scale, item, a.scaleBatchStride), parametersOf(a.shift, item, a.shiftBatchStride), a.scaleOffset, a.epsilon};
    normaliseRow(rInput, parameters, (uint4*)a.normed + (long long)row * RowVectors, present, scratch);
}
