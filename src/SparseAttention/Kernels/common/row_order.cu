// row_order: the query blocks of each head, longest list first, so that the last thread blocks to start are the shortest.
// Equal counts keep the order of their indices. One thread block per head sorts one word per query block: count above, 4095 − index below.
//
//   tensor    type   shape         notes
//   counts    int32  [B, N, Mq]    B or N may broadcast through the strides; read as 0 … 1,048,575
//   order     int32  [B·N, Mq]     written
//   nextTile  int32  one number    set to 0; may be null
//
// Launch: grid (B·N), block (WIDTH / 4). Shared memory: 8·WIDTH bytes. Limits: Mq ≤ WIDTH ≤ 4096. Compute capability 8.0.

#ifndef WIDTH
#error "WIDTH must be injected: the power of two from 128 to 4096 that holds Mq query blocks."
#endif

#include "sort.cuh"

struct RowOrderArguments {
    const int* counts;
    int* order;
    int* nextTile;
    int heads;                                // N
    int queryBlocks;                          // Mq
    int listBatchStride, listHeadStride;      // rows of the lists from one batch item or head to the next, as in AttentionArguments
};

constexpr int PerThread = 4;
constexpr int Threads = WIDTH / PerThread;
constexpr int IndexBits = 12;
constexpr int IndexMask = (1 << IndexBits) - 1;
constexpr int LargestCount = (1 << (32 - IndexBits)) - 1;

static_assert(WIDTH >= 128 && WIDTH <= 4096 && (WIDTH & (WIDTH - 1)) == 0, "WIDTH must be a power of two from 128 (one warp) to 4096 (32 warps).");

extern "C" __global__ void __launch_bounds__(Threads) xv_row_order(const __grid_constant__ RowOrderArguments a) {
    __shared__ unsigned sExchange[2 * WIDTH];
    const int thread = threadIdx.x, head = blockIdx.x;
    const int* gCounts = a.counts + (long long)(head / a.heads) * a.listBatchStride + (long long)(head % a.heads) * a.listHeadStride;
    unsigned rKey[PerThread];
#pragma unroll
    for (int c = 0; c < PerThread; c++) {
        const int row = c * Threads + thread;
        // A row past Mq gets count 0 and a higher index than every real row: it sorts behind them all.
        const int count = row < a.queryBlocks ? min(max(gCounts[row], 0), LargestCount) : 0;
        rKey[c] = (unsigned)count << IndexBits | (unsigned)(IndexMask - row);
    }
    sortDescending<PerThread, Threads>(rKey, sExchange);
#pragma unroll
    for (int e = 0; e < PerThread; e++) {
        const int place = thread * PerThread + e;
        if (place < a.queryBlocks) a.order[(long long)head * a.queryBlocks + place] = IndexMask - (int)(rKey[e] & IndexMask);
    }
    if (a.nextTile != nullptr && head == 0 && thread == 0) *a.nextTile = 0;
}
