// Sorting within one thread block: a bitonic network over PerThread · Threads values (Batcher 1968), largest first.
// Neighbours closer than PerThread meet in registers, closer than a warp by shuffles, the rest through shared memory.
#pragma once

// Before: any order. After: thread t holds places t·PerThread … t·PerThread + PerThread − 1 of the descending order.
// sExchange: 2 · PerThread · Threads words, in use by nobody else; the caller separates earlier uses with a barrier. Exchanges take its halves in
// turn: who writes a half again has passed the barrier that everybody reached after reading it, so one barrier an exchange is enough.
// Every thread of the block must call it.
template <int PerThread, int Threads>
__device__ __forceinline__ void sortDescending(unsigned (&r)[PerThread], unsigned* sExchange) {
    constexpr int Count = PerThread * Threads;
    static_assert((Count & (Count - 1)) == 0, "The network needs a power of two values.");
    static_assert(Threads % 32 == 0, "Shuffles need whole warps.");
    const int thread = threadIdx.x;
    int half = 0;
#pragma unroll
    for (int run = 2; run <= Count; run *= 2) {
#pragma unroll
        for (int distance = run / 2; distance > 0; distance /= 2) {
            if (distance < PerThread) {                             // both in this thread
#pragma unroll
                for (int e = 0; e < PerThread; e++) {
                    if (e & distance) continue;
                    const bool descending = ((thread * PerThread + e) & run) == 0;
                    const unsigned low = min(r[e], r[e | distance]), high = max(r[e], r[e | distance]);
                    r[e] = descending ? high : low;
                    r[e | distance] = descending ? low : high;
                }
            } else {
                const int apart = distance / PerThread;             // in threads; runs are longer than a thread here
                const bool keepsHigher = ((thread & apart) == 0) == ((thread & (run / PerThread)) == 0);
                unsigned rOther[PerThread];
                if (apart < 32) {
#pragma unroll
                    for (int e = 0; e < PerThread; e++) rOther[e] = __shfl_xor_sync(0xffffffffu, r[e], apart);
                } else {
#pragma unroll
                    for (int e = 0; e < PerThread; e++) sExchange[half + e * Threads + thread] = r[e];
                    __syncthreads();
#pragma unroll
                    for (int e = 0; e < PerThread; e++) rOther[e] = sExchange[half + e * Threads + (thread ^ apart)];
                    half = Count - half;
                }
#pragma unroll
                for (int e = 0; e < PerThread; e++) r[e] = keepsHigher ? max(r[e], rOther[e]) : min(r[e], rOther[e]);
            }
        }
    }
}
