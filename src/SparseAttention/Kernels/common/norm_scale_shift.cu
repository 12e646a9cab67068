// norm_scale_shift: layer norm over a row, then · (scaleOffset + scale) + shift. Adaptive norm: scaleOffset 1, scale and shift by batch item.
// Learnt weight and bias: scaleOffset 0, batch strides 0. Plain layer norm: scaleOffset 1, no pointers.
//
//   tensor   type     shape      notes
//   input    ELEMENT  [R, E]     R = B · rowsPerItem, contiguous, 16-byte aligned
//   output   ELEMENT  [R, E]     likewise; may be the input
//   scale    see below [B, E]    a batch item every scaleBatchStride numbers; null: 0
//   shift    see below [B, E]    a batch item every shiftBatchStride numbers; null: 0
//
// scale and shift are float32 when PARAMETERS_FLOAT32 is 1, else ELEMENT; rows of them 16-byte aligned.
// Launch: grid (R / RowsPerBlock, rounded up), block 128; RowsPerBlock: 4 up to E = 2048, 2 up to 4096, else 1.
// Numbers: float32 throughout, variance about the mean; one rounding, at the store. Shared memory: 32 bytes.
// Limits: E ≤ 8192, a multiple of 8. Compute capability 8.0. Source: layer norm (arXiv 1607.06450), modulation as in DiT (arXiv 2212.09748).

#include "rows.cuh"

struct NormArguments {
    const void* input;
    const void* scale;
    const void* shift;
    void* output;
    long long scaleBatchStride, shiftBatchStride;       // in numbers
    int rows;                                           // R
    int rowsPerItem;
    float scaleOffset;                                  // 1: modulation; 0: weight
    float epsilon;                                      // added to the variance
};

extern "C" __global__ void __launch_bounds__(RowThreads) xv_norm_scale_shift(const __grid_constant__ NormArguments a) {
    __shared__ RowScratch scratch;
    const int row = rowOfThread(blockIdx.x);
    const bool present = row < a.rows;
    const int item = row / a.rowsPerItem;
    Vector rInput[LaneVectors];
    loadRow((const uint4*)a.input + (long long)row * RowVectors, present, rInput);
    const NormParameters parameters = {
        parametersOf(a.scale, item, a.scaleBatchStride), parametersOf(a.shift, item, a.shiftBatchStride), a.scaleOffset, a.epsilon};
    normaliseRow(rInput, parameters, (uint4*)a.output + (long long)row * RowVectors, present, scratch);
}
