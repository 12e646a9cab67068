// How kernels that work row by row spread rows of E elements over a thread block of 128 threads: a row takes one, two or four warps, a lane up to
// eight vectors of it, and everything stays in registers from the one read to the one write.
#pragma once

#ifndef WIDTH
#error "WIDTH must be injected: E, the elements of a row, a multiple of 8 up to 8192."
#endif
static_assert(WIDTH % 8 == 0 && WIDTH > 0 && WIDTH <= 8192, "WIDTH must be a multiple of 8 (16-byte loads) up to 8192 (the registers of four warps).");

#include "vectors.cuh"

#ifndef PARAMETERS_FLOAT32
#error "PARAMETERS_FLOAT32 must be injected: 1 if weights and biases of a row are float32, 0 if they have the element type."
#endif

constexpr int RowThreads = 128;                                  // of a thread block
constexpr int RowVectors = WIDTH / VectorElements;
constexpr int WarpsPerRow = RowVectors <= 256 ? 1 : RowVectors <= 512 ? 2 : 4;
constexpr int RowLanes = 32 * WarpsPerRow;
constexpr int RowsPerBlock = RowThreads / RowLanes;
constexpr int LaneVectors = (RowVectors + RowLanes - 1) / RowLanes;
constexpr bool RowIsFull = RowVectors % RowLanes == 0;           // no lane is left over in the last round

struct RowScratch {
    float partial[2][RowThreads / 32];       // two, so that one reduction can follow another without a barrier between them
};

__device__ __forceinline__ int rowLane() { return threadIdx.x % RowLanes; }

// The row of this thread; rows past the last must still reach every rowSum.
__device__ __forceinline__ int rowOfThread(int block) { return block * RowsPerBlock + threadIdx.x / RowLanes; }

// The vector of the row that this lane holds in round i, and whether there is one.
__device__ __forceinline__ int vectorOfLane(int i) { return i * RowLanes + rowLane(); }
__device__ __forceinline__ bool holdsVector(int i) { return RowIsFull || i < LaneVectors - 1 || vectorOfLane(i) < RowVectors; }

// Sum of x over the lanes of a row, in a fixed order; the same in all of them. `turn` alternates between 0 and 1 from call to call.
__device__ __forceinline__ float rowSum(float x, RowScratch& scratch, int turn) {
#pragma unroll
    for (int apart = 16; apart > 0; apart /= 2) x += __shfl_xor_sync(0xffffffffu, x, apart);
    if constexpr (WarpsPerRow > 1) {
        const int warp = threadIdx.x / 32, first = warp / WarpsPerRow * WarpsPerRow;
        if (threadIdx.x % 32 == 0) scratch.partial[turn][warp] = x;
        __syncthreads();
        x = 0;
#pragma unroll
        for (int w = 0; w < WarpsPerRow; w++) x += scratch.partial[turn][first + w];
    }
    return x;
}

// Reads a row of a tensor whose rows are contiguous; `present` is false past the last row, where everything is zero.
__device__ __forceinline__ void loadRow(const void* gRow, bool present, Vector (&r)[LaneVectors]) {
#pragma unroll
    for (int i = 0; i < LaneVectors; i++) r[i] = present && holdsVector(i) ? loadVector(gRow, vectorOfLane(i)) : Vector{};
}

// Eight numbers of a weight or bias, from `column` on.
__device__ __forceinline__ void loadParameters(const void* g, int column, float (&r)[VectorElements]) {
#if PARAMETERS_FLOAT32
    loadFloats((const float*)g + column, r);
#else
    const uint4 words = ((const uint4*)g)[column / VectorElements];
    unpack(Vector{{words.x, words.y, words.z, words.w}}, r);
#endif
}

// Layer norm of a row, then · (scaleOffset + scale) + shift. The caller says where scale and shift of its batch item start; null is 0.
struct NormParameters {
    const void* scale;
    const void* shift;
    float scaleOffset;
    float epsilon;
};

// Mean first, then the sum of squared distances from it: both passes over registers, float32.
__device__ __forceinline__ void normaliseRow(const Vector (&r)[LaneVectors], const NormParameters& p, void* gRow, bool present, RowScratch& scratch) {
    float sum = 0;
#pragma unroll
    for (int i = 0; i < LaneVectors; i++) {
        float x[VectorElements];
        unpack(r[i], x);
#pragma unroll
        for (int e = 0; e < VectorElements; e++) sum += x[e];    // a vector that is not there is all zeros
    }
    const float mean = rowSum(sum, scratch, 0) * (1.0f / WIDTH);
    float squares = 0;
#pragma unroll
    for (int i = 0; i < LaneVectors; i++) {
        float x[VectorElements];
        unpack(r[i], x);
#pragma unroll
        for (int e = 0; e < VectorElements; e++) squares += holdsVector(i) ? (x[e] - mean) * (x[e] - mean) : 0;
    }
    const float inverse = rsqrtf(rowSum(squares, scratch, 1) * (1.0f / WIDTH) + p.epsilon);
    if (!present) return;
#pragma unroll
    for (int i = 0; i < LaneVectors; i++) {
        if (!holdsVector(i)) continue;
        const int column = vectorOfLane(i) * VectorElements;
        float x[VectorElements], scale[VectorElements] = {}, shift[VectorElements] = {};
        unpack(r[i], x);
        if (p.scale != nullptr) loadParameters(p.scale, column, scale);
        if (p.shift != nullptr) loadParameters(p.shift, column, shift);
#pragma unroll
        for (int e = 0; e < VectorElements; e++) x[e] = (x[e] - mean) * inverse * (p.scaleOffset + scale[e]) + shift[e];
        storeVector(gRow, vectorOfLane(i), pack(x));
    }
}

// Start of a batch item's row of parameters; null stays null.
__device__ __forceinline__ const void* parametersOf(const void* g, int item, long long batchStride) {
    constexpr int Bytes = PARAMETERS_FLOAT32 ? 4 : 2;
    return g == nullptr ? nullptr : (const char*)g + item * batchStride * Bytes;
}
