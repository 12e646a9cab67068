// Eight 16-bit elements in 16 bytes: what one thread loads and stores at once. Arithmetic on them is float32.
#pragma once

#ifndef ELEMENT
#error "ELEMENT must be injected: 0 for bfloat16, 1 for float16."
#endif
static_assert(ELEMENT == 0 || ELEMENT == 1, "ELEMENT must be 0 (bfloat16) or 1 (float16).");

constexpr int VectorElements = 8;

struct Vector {
    unsigned pairs[4];              // two elements each, the lower one first
};

// Elements of g from 16-byte place `vector` on, read once: kept out of the first-level cache, which is for what all rows share.
__device__ __forceinline__ Vector loadVector(const void* g, long long vector) {
    Vector v;
    asm volatile("ld.global.L1::no_allocate.v4.u32 {%0,%1,%2,%3}, [%4];"
        : "=r"(v.pairs[0]), "=r"(v.pairs[1]), "=r"(v.pairs[2]), "=r"(v.pairs[3]) : "l"((const uint4*)g + vector));
    return v;
}

__device__ __forceinline__ void storeVector(void* g, long long vector, const Vector& v) {
    ((uint4*)g)[vector] = make_uint4(v.pairs[0], v.pairs[1], v.pairs[2], v.pairs[3]);
}

__device__ __forceinline__ void unpack(const Vector& v, float (&r)[VectorElements]) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
#if ELEMENT == 0
        r[2 * i] = __uint_as_float(v.pairs[i] << 16);
        r[2 * i + 1] = __uint_as_float(v.pairs[i] & 0xffff0000u);
#else
        asm("{ .reg .f16 low, high; mov.b32 {low, high}, %2; cvt.f32.f16 %0, low; cvt.f32.f16 %1, high; }"
            : "=f"(r[2 * i]), "=f"(r[2 * i + 1]) : "r"(v.pairs[i]));
#endif
    }
}

// Rounds to nearest, ties to even.
__device__ __forceinline__ Vector pack(const float (&r)[VectorElements]) {
    Vector v;
#pragma unroll
    for (int i = 0; i < 4; i++) {
#if ELEMENT == 0
        asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(v.pairs[i]) : "f"(r[2 * i + 1]), "f"(r[2 * i]));
#else
        asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(v.pairs[i]) : "f"(r[2 * i + 1]), "f"(r[2 * i]));
#endif
    }
    return v;
}

__device__ __forceinline__ void loadFloats(const float* g, float (&r)[VectorElements]) {
    const float4 low = ((const float4*)g)[0], high = ((const float4*)g)[1];
    r[0] = low.x, r[1] = low.y, r[2] = low.z, r[3] = low.w;
    r[4] = high.x, r[5] = high.y, r[6] = high.z, r[7] = high.w;
}
