// Reverses each group of 32 numbers and multiplies by SCALE.
#ifndef SCALE
#error SCALE is not given
#endif
#include "numbers.cuh"

extern "C" __global__ void xv_example(const Number* source, Number* target)
{
    __shared__ Number sGroup[32];
    const int place = blockIdx.x * 32 + threadIdx.x;
    sGroup[threadIdx.x] = source[place];
    __syncthreads();
    target[place] = scaled(sGroup[31 - threadIdx.x]);
}
