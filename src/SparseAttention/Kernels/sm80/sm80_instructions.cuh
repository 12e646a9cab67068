// The instructions of compute capability 8.0 that our sm80 kernels are built from, one function each:
// cp.async (16 bytes, global to shared), mbarrier, ldmatrix, mma m16n8k16, packing of two floats, 2^x.
// ELEMENT chooses what the 16-bit operands are: 0 = bfloat16, 1 = float16.
#pragma once

#ifndef ELEMENT
#error "ELEMENT must be injected: 0 for bfloat16, 1 for float16."
#endif
static_assert(ELEMENT == 0 || ELEMENT == 1, "ELEMENT must be 0 (bfloat16) or 1 (float16).");

constexpr int WarpThreads = 32;
constexpr int ChunkBytes = 16;         // what one cp.async and one row of an ldmatrix matrix move
constexpr int ChunkElements = 8;
constexpr unsigned FullWarp = 0xffffffffu;

__device__ __forceinline__ float negativeInfinity() { return __int_as_float(0xff800000); }

__device__ __forceinline__ unsigned sharedAddress(const void* pointer) {
    unsigned address;
    asm("{ .reg .u64 t; cvta.to.shared.u64 t, %1; cvt.u32.u64 %0, t; }" : "=r"(address) : "l"(pointer));
    return address;
}

// ---- cp.async ----

__device__ __forceinline__ void copyChunk(unsigned sTarget, const void* gSource) {
    asm volatile("cp.async.cg.shared.global.L2::128B [%0], [%1], 16;" :: "r"(sTarget), "l"(gSource) : "memory");
}

// Writes zeros instead of reading when `valid` is false; the source must be a legal address all the same.
__device__ __forceinline__ void copyChunkOrZero(unsigned sTarget, const void* gSource, bool valid) {
    asm volatile("cp.async.cg.shared.global.L2::128B [%0], [%1], 16, %2;"
        :: "r"(sTarget), "l"(gSource), "r"(valid ? ChunkBytes : 0) : "memory");
}

__device__ __forceinline__ void commitCopies() { asm volatile("cp.async.commit_group;" ::: "memory"); }

template <int Outstanding>
__device__ __forceinline__ void waitForCopies() { asm volatile("cp.async.wait_group %0;" :: "n"(Outstanding) : "memory"); }

// ---- mbarrier: a phase ends when `count` arrivals have come; waiting for parity 1 on a new barrier returns at once ----

__device__ __forceinline__ void initBarrier(unsigned sBarrier, int count) {
    asm volatile("mbarrier.init.shared.b64 [%0], %1;" :: "r"(sBarrier), "r"(count) : "memory");
}

__device__ __forceinline__ void arrive(unsigned sBarrier) {
    asm volatile("{ .reg .b64 state; mbarrier.arrive.shared.b64 state, [%0]; }" :: "r"(sBarrier) : "memory");
}

// Arrives once all copies this thread has issued so far have landed.
__device__ __forceinline__ void arriveWhenCopied(unsigned sBarrier) {
    asm volatile("cp.async.mbarrier.arrive.noinc.shared.b64 [%0];" :: "r"(sBarrier) : "memory");
}

// Waits until the phase of this parity has ended.
__device__ __forceinline__ void waitForBarrier(unsigned sBarrier, int parity) {
    asm volatile("{ .reg .pred done;\n"
        "again:\n"
#if __CUDA_ARCH__ >= 900
        "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"    // may suspend the warp instead of spinning
#else
        "mbarrier.test_wait.parity.shared.b64 done, [%0], %1;\n"
#endif
        "@!done bra again; }" :: "r"(sBarrier), "r"(parity) : "memory");
}

// ---- ldmatrix: four 8×8 matrices of 16-bit elements; lane l gives the address of row l % 8 of matrix l / 8 ----

__device__ __forceinline__ void loadMatrices(unsigned (&r)[4], unsigned sAddress) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
        : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(sAddress) : "memory");
}

__device__ __forceinline__ void loadMatricesTransposed(unsigned (&r)[4], unsigned sAddress) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
        : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(sAddress) : "memory");
}

// ---- mma: c[16×8] += a[16×16] · b[16×8], float32 accumulation ----
// Lane l holds of c: rows l/4 (c[0], c[1]) and l/4 + 8 (c[2], c[3]), columns 2·(l%4) and 2·(l%4) + 1.

__device__ __forceinline__ void multiplyAdd(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#if ELEMENT == 0
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
#else
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
#endif
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// ---- numbers ----

// Rounds both to nearest even; `low` goes to the lower half, which is the lower address.
__device__ __forceinline__ unsigned packPair(float low, float high) {
    unsigned packed;
#if ELEMENT == 0
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
#else
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
#endif
    return packed;
}

__device__ __forceinline__ float powerOfTwo(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

__device__ __forceinline__ float logarithm2(float x) {
    float y;
    asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}
