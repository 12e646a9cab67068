// gelu: the tanh form of GELU, 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), element by element.
// With u the argument of tanh, 0.5·(1 + tanh u) = 1 / (1 + e^(−2u)): one 2^x and one reciprocal, and no loss of digits where tanh is near −1.
//
//   tensor   type     shape      notes
//   input    ELEMENT  [count]    contiguous, 16-byte aligned
//   output   ELEMENT  [count]    likewise; may be the input
//
// Launch: grid (count / 4096, rounded up), block 256; a thread does two vectors of eight elements.
// Numbers: float32 inside, relative error below 2^-16 before the one rounding at the store. −∞ gives NaN, as the formula does.
// Shared memory: none. Compute capability 8.0. Source: GELU (arXiv 1606.08415).

#include "vectors.cuh"

struct GeluArguments {
    const void* input;
    void* output;
    long long count;                // elements
};

constexpr int Threads = 256;
constexpr int VectorsPerThread = 2;
constexpr float Linear = -2.3022082f;        // −2·log2(e)·√(2/π)
constexpr float Cubic = -0.10294324f;        // 0.044715 times that

__device__ __forceinline__ float gelu(float x) {
    float power, inverse;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x * fmaf(Cubic, x * x, Linear)));
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(inverse) : "f"(1 + power));
    return x * inverse;
}

__device__ __forceinline__ Vector gelu(const Vector& v) {
    float x[VectorElements];
    unpack(v, x);
#pragma unroll
    for (int e = 0; e < VectorElements; e++) x[e] = gelu(x[e]);
    return pack(x);
}

extern "C" __global__ void __launch_bounds__(Threads) xv_gelu(const __grid_constant__ GeluArguments a) {
    const long long vectors = a.count / VectorElements;
    const long long first = (long long)blockIdx.x * (Threads * VectorsPerThread) + threadIdx.x;
    Vector r[VectorsPerThread];
#pragma unroll
    for (int i = 0; i < VectorsPerThread; i++)
        if (first + i * Threads < vectors) r[i] = loadVector(a.input, first + i * Threads);
#pragma unroll
    for (int i = 0; i < VectorsPerThread; i++)
        if (first + i * Threads < vectors) storeVector(a.output, first + i * Threads, gelu(r[i]));
    if (first < a.count % VectorElements) {                  // the last elements, one a thread of the first block
        const long long element = vectors * VectorElements + first;
        const Vector one = {{((const unsigned short*)a.input)[element]}};
        ((unsigned short*)a.output)[element] = (unsigned short)gelu(one).pairs[0];
    }
}
