// Hopper's asynchronous machinery in a dozen words: mbarriers, bulk tensor copies, warpgroup matrix products, register hand-over.
#pragma once

using uint32 = unsigned int;
using uint64 = unsigned long long;

#if ELEMENT == 0
#define ELEMENT_PTX "bf16"
#else
#define ELEMENT_PTX "f16"
#endif

struct alignas(64) TensorMap { unsigned char opaque[128]; };

__device__ __forceinline__ uint32 sharedAddress(const void* pointer) { return static_cast<uint32>(__cvta_generic_to_shared(pointer)); }

// ---- mbarriers: a phase completes when all arrivals and all announced bytes are in -------------------------------------------------

__device__ __forceinline__ void barrierInit(uint64* sBarrier, uint32 arrivals) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" :: "r"(sharedAddress(sBarrier)), "r"(arrivals));
}

__device__ __forceinline__ void barrierInitFence() { asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory"); }

__device__ __forceinline__ void barrierArrive(uint64* sBarrier) {
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" :: "r"(sharedAddress(sBarrier)) : "memory");
}

__device__ __forceinline__ void barrierArriveExpect(uint64* sBarrier, uint32 bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" :: "r"(sharedAddress(sBarrier)), "r"(bytes) : "memory");
}

__device__ __forceinline__ void barrierWait(uint64* sBarrier, uint32 phase) {
    asm volatile(
        "{\n"
        ".reg .pred done;\n"
        "again:\n"
        "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
        "@done bra finished;\n"
        "bra again;\n"
        "finished:\n"
        "}\n" :: "r"(sharedAddress(sBarrier)), "r"(phase) : "memory");
}

// A place in a ring of shared-memory buffers, and the phase of its barriers there.
template <int Stages>
struct RingPlace {
    int stage = 0;
    uint32 phase = 0;
    __device__ __forceinline__ void advance() {
        if (++stage == Stages) { stage = 0; phase ^= 1; }
    }
};

// ---- bulk tensor copies, global to shared --------------------------------------------------------------------------------------------

__device__ __forceinline__ void prefetchMap(const TensorMap& map) {
    asm volatile("prefetch.tensormap [%0];" :: "l"(&map) : "memory");
}

__device__ __forceinline__ void copyTile4d(void* sTarget, const TensorMap& map, uint64* sBarrier, int c0, int c1, int c2, int c3) {
    asm volatile("cp.async.bulk.tensor.4d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6}], [%2];"
        :: "r"(sharedAddress(sTarget)), "l"(&map), "r"(sharedAddress(sBarrier)), "r"(c0), "r"(c1), "r"(c2), "r"(c3) : "memory");
}

__device__ __forceinline__ void copyTile5d(void* sTarget, const TensorMap& map, uint64* sBarrier, int c0, int c1, int c2, int c3, int c4) {
    asm volatile("cp.async.bulk.tensor.5d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6, %7}], [%2];"
        :: "r"(sharedAddress(sTarget)), "l"(&map), "r"(sharedAddress(sBarrier)), "r"(c0), "r"(c1), "r"(c2), "r"(c3), "r"(c4) : "memory");
}

// ---- warpgroup roles ---------------------------------------------------------------------------------------------------------------------

template <int Registers> __device__ __forceinline__ void takeRegisters() { asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" :: "n"(Registers)); }
template <int Registers> __device__ __forceinline__ void giveRegisters() { asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" :: "n"(Registers)); }

__device__ __forceinline__ void namedBarrierSync(int barrier, int threads) { asm volatile("bar.sync %0, %1;" :: "r"(barrier), "r"(threads) : "memory"); }
__device__ __forceinline__ void namedBarrierArrive(int barrier, int threads) { asm volatile("bar.arrive %0, %1;" :: "r"(barrier), "r"(threads) : "memory"); }

// ---- wgmma -------------------------------------------------------------------------------------------------------------------------------

// Describes an operand in shared memory, written by a copy with 128-byte swizzle: rows of 64 elements (128 bytes), 8 rows to a group of 1024 bytes.
// Reduction dimension contiguous: `repeat` is unused. Other dimension contiguous: `repeat` is the distance between groups of 64 of it.
__device__ __forceinline__ uint64 operand(uint32 address, uint32 repeat = 16) {
    constexpr uint64 swizzle128 = 1ull << 62, groupBytes = 1024;
    return swizzle128 | (groupBytes >> 4) << 32 | static_cast<uint64>(repeat >> 4) << 16 | (address & 0x3FFFF) >> 4;
}

__device__ __forceinline__ void wgmmaBegin() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ __forceinline__ void wgmmaCommit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int Pending> __device__ __forceinline__ void wgmmaWait() { asm volatile("wgmma.wait_group.sync.aligned %0;" :: "n"(Pending) : "memory"); }

// Keeps the compiler from moving uses of accumulators across a wait, and before wgmmaBegin from defining them between products (NVRTC 12 would then run
// the products one by one).
template <int Count> __device__ __forceinline__ void wgmmaSettle(float (&r)[Count]) {
#pragma unroll
    for (int i = 0; i < Count; i++) asm volatile("" : "+f"(r[i]) :: "memory");
}

#define XV_F4(d, i) "+f"((d)[i]), "+f"((d)[(i) + 1]), "+f"((d)[(i) + 2]), "+f"((d)[(i) + 3])
#define XV_F16(d, i) XV_F4(d, i), XV_F4(d, (i) + 4), XV_F4(d, (i) + 8), XV_F4(d, (i) + 12)
#define XV_D32 "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31}"
#define XV_D64 "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, " \
    "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, %48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}"

#define XV_D128 \
    "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, " \
    "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, %48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63, " \
    "%64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, %80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95, " \
    "%96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109, %110, %111, %112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, %126, %127}"

// d[64 × N] = a·b (+ d): a thread holds rows lane/4 and lane/4 + 8 of its warp's 16, and of each 8 columns the two at 2·(lane % 4):
// d[4j], d[4j+1] of the first row, d[4j+2], d[4j+3] of the second.
// _ss: a [64 × 16] and b [N × 16] in shared memory, reduction contiguous. _rs: a in registers, b [16 × N] in shared memory, N contiguous.
template <int N> struct Wgmma;

template <> struct Wgmma<64> {
    static __device__ __forceinline__ void ss(float (&d)[32], uint64 a, uint64 b, int accumulate) {
        asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %34, 0;\n"
            "wgmma.mma_async.sync.aligned.m64n64k16.f32." ELEMENT_PTX "." ELEMENT_PTX " " XV_D32 ", %32, %33, p, 1, 1, 0, 0;\n}\n"
            : XV_F16(d, 0), XV_F16(d, 16) : "l"(a), "l"(b), "r"(accumulate));
    }
    static __device__ __forceinline__ void rs(float (&d)[32], const uint32* a, uint64 b, int accumulate) {
        asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %37, 0;\n"
            "wgmma.mma_async.sync.aligned.m64n64k16.f32." ELEMENT_PTX "." ELEMENT_PTX " " XV_D32 ", {%32, %33, %34, %35}, %36, p, 1, 1, 1;\n}\n"
            : XV_F16(d, 0), XV_F16(d, 16) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(accumulate));
    }
};

template <> struct Wgmma<128> {
    static __device__ __forceinline__ void ss(float (&d)[64], uint64 a, uint64 b, int accumulate) {
        asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %66, 0;\n"
            "wgmma.mma_async.sync.aligned.m64n128k16.f32." ELEMENT_PTX "." ELEMENT_PTX " " XV_D64 ", %64, %65, p, 1, 1, 0, 0;\n}\n"
            : XV_F16(d, 0), XV_F16(d, 16), XV_F16(d, 32), XV_F16(d, 48) : "l"(a), "l"(b), "r"(accumulate));
    }
    static __device__ __forceinline__ void rs(float (&d)[64], const uint32* a, uint64 b, int accumulate) {
        asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %69, 0;\n"
            "wgmma.mma_async.sync.aligned.m64n128k16.f32." ELEMENT_PTX "." ELEMENT_PTX " " XV_D64 ", {%64, %65, %66, %67}, %68, p, 1, 1, 1;\n}\n"
            : XV_F16(d, 0), XV_F16(d, 16), XV_F16(d, 32), XV_F16(d, 48) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(accumulate));
    }
};

template <> struct Wgmma<256> {
    static __device__ __forceinline__ void ss(float (&d)[128], uint64 a, uint64 b, int accumulate) {
        asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %130, 0;\n"
            "wgmma.mma_async.sync.aligned.m64n256k16.f32." ELEMENT_PTX "." ELEMENT_PTX " " XV_D128 ", %128, %129, p, 1, 1, 0, 0;\n}\n"
            : XV_F16(d, 0), XV_F16(d, 16), XV_F16(d, 32), XV_F16(d, 48), XV_F16(d, 64), XV_F16(d, 80), XV_F16(d, 96), XV_F16(d, 112)
            : "l"(a), "l"(b), "r"(accumulate));
    }
};

// ---- numbers ---------------------------------------------------------------------------------------------------------------------------

__device__ __forceinline__ float negativeInfinity() { return __int_as_float(0xff800000); }

__device__ __forceinline__ float exp2Fast(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// Two numbers rounded to the element type, the first in the low half.
__device__ __forceinline__ uint32 packElements(float low, float high) {
    uint32 packed;
    asm("cvt.rn." ELEMENT_PTX "x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}
