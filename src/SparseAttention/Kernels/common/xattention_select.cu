// xattention_select: turns the sums of the scoring kernel into lists of key blocks.
//
// One thread block makes one row: one query block i of one head. For each strided query m of the block (BLOCK / STRIDE of them, fewer in the
// last block), with tiles t of 128 strided keys:
//     M[m] = max over t of tileMaxima[m, t]            w[m, t] = 2^(tileMaxima[m, t] − M[m])
//     mass[m, j] = blockSums[m, j] · w[m, tile of j]   G[i, j] = Σ over m of mass[m, j] / Σ over j of mass[m, j]
// so that a full row of G adds up to BLOCK / STRIDE. Then the smallest set of columns that holds `threshold` of the row (or a fixed count of
// the largest), ties to the lower column, and last the columns that are kept whatever their score.
//
//   tensor         type     shape                       notes
//   blockSums      float32  [headCount, rows, Mk]       read once
//   tileMaxima     float32  [headCount, rows, tiles]    log2 units; −inf: the tile has no valid key
//   headThresholds float64  [N]                         null: `threshold` for all heads
//   blockScores    float32  [B·N, Mq, Mk]               G, written when not null
//   counts         int32    [B·N, Mq]                   written
//   indices        int32    [B·N, Mq, Mk]               the first count of each row are written, ascending; the rest is left as it was
//   keptTotal      uint64   one number                  the kept blocks of this launch are added; may be null
//
// Launch: grid (Mq, headCount), block (WIDTH / 8). Thread t owns columns 4t … 4t + 3 and the four at the same place of the second half of WIDTH:
// a quad lies in one tile, so that it takes one weight, and in 16 aligned bytes when Mk is a multiple of 4 (else it is read number by number).
// All threads do the same work; there are no warp roles.
// Selection without sorting pairs: the values alone are sorted (float bits, which order as the non-negative numbers they stand for), the count is
// read off a prefix sum over the sorted row, and the value at place count − 1 becomes a limit. Columns above it are kept, and as many columns
// equal to it, lowest first, as the count still allows. That is exactly the stable descending order.
// Numbers: masses and G in float32, in a fixed order; prefix sums and the comparison with threshold · total in float64. Results repeat bitwise.
// A score that is not finite, in a row of G, keeps every column of that row, and so does a row that adds up to nothing: slow, never wrong.
// A strided query whose tiles are all −inf has no softmax; 0/0 makes its query block keep everything.
// These ignore maxBlocks. threshold ≥ 1 (or NaN) keeps everything that maxBlocks allows.
// Shared memory: the tile weights of four strided queries (at most 16 KiB) in the same place as the sort's 8·WIDTH bytes, and 1 KiB beside it.
// Limits: Mk ≤ WIDTH ≤ 4096; blockSums 16-byte aligned. Compute capability 8.0.
// Source: XAttention (arXiv 2503.16428), block scores and threshold selection.

#ifndef BLOCK
#error "BLOCK must be injected: tokens of a query block and of a key block, 64 or 128."
#endif
#ifndef STRIDE
#error "STRIDE must be injected: tokens of one strided row, 4, 8 or 16."
#endif
#ifndef WIDTH
#error "WIDTH must be injected: the power of two from 256 to 4096 that holds Mk columns."
#endif

#include "sort.cuh"

struct SelectArguments {
    const float* blockSums;
    const float* tileMaxima;
    const double* headThresholds;
    float* blockScores;
    int* counts;
    int* indices;
    unsigned long long* keptTotal;
    double threshold;               // more than 0; 1 and above keeps everything
    int heads;                      // N, the length of headThresholds
    int firstHead;                  // flattened b·N + n of blockIdx.y = 0; blockSums and tileMaxima start there, the other tensors at head 0
    int rows;                       // strided queries of a head
    int queryBlocks, keyBlocks;     // Mq, Mk
    int tiles;                      // ceil(strided keys / 128)
    int fixedCount;                 // take so many blocks a row; 0: by threshold
    int minBlocks, maxBlocks;       // bounds on the count, before the columns below are added; 1 ≤ minBlocks ≤ maxBlocks
    int pinnedKeyFirst, pinnedKeyCount;       // key blocks that every query block keeps
    int pinnedQueryFirst, pinnedQueryCount;   // query blocks that keep every key block
    int keepsFirstBlock;            // 1: key block 0 is always kept
    int reserved[2];
};

constexpr int PerThread = 8;
constexpr int Quads = PerThread / 4;
constexpr int Threads = WIDTH / PerThread;
constexpr int Warps = Threads / 32;
constexpr int BlockRows = BLOCK / STRIDE;                     // strided queries of a query block
constexpr int RowsAtOnce = 4;                                 // of them, in registers: 32 masses a thread
constexpr int RowsPerWarp = (RowsAtOnce + Warps - 1) / Warps; // of tile maxima
constexpr int ResidentThreads = 768;                          // a multiprocessor; leaves 80 registers a thread and enough loads in flight
#if defined(__CUDA_ARCH__) && (__CUDA_ARCH__ == 860 || __CUDA_ARCH__ == 870)
constexpr int MostBlocks = 16;                                // that a multiprocessor holds
#else
constexpr int MostBlocks = 24;
#endif
constexpr int ResidentBlocks = Threads >= ResidentThreads ? 1 : ResidentThreads / Threads < MostBlocks ? ResidentThreads / Threads : MostBlocks;
constexpr int BlocksPerTile = 128 * STRIDE / BLOCK;
constexpr int MaxTiles = WIDTH / BlocksPerTile;
constexpr int TilesPerLane = (MaxTiles + 31) / 32;
constexpr unsigned FullWarp = 0xffffffffu;
constexpr unsigned InfinityBits = 0x7f800000u;                // as unsigned numbers: below are the finite non-negative floats, above NaN and negatives

static_assert(BLOCK == 64 || BLOCK == 128, "BLOCK must be 64 or 128: the attention kernels know no other.");
static_assert(STRIDE == 4 || STRIDE == 8 || STRIDE == 16, "STRIDE must be 4, 8 or 16: then a tile of 128 strided keys holds whole quads of key blocks.");
static_assert(WIDTH >= 256 && WIDTH <= 4096 && (WIDTH & (WIDTH - 1)) == 0, "WIDTH must be a power of two from 256 (one warp) to 4096 (16 warps).");
static_assert(BlockRows % RowsAtOnce == 0, "Strided queries of a full block are taken four at a time.");
static_assert(Quads == 2, "Ranks of columns are counted in the two halves of a word.");

struct SharedPlan {
    union {
        float weights[RowsAtOnce][MaxTiles];      // while G is summed
        unsigned exchange[2 * WIDTH];             // while G is sorted
    };
    double warpTotals[Warps];
    float warpMasses[Warps][RowsAtOnce];
    float inverseMass[RowsAtOnce];
    int equalTotals[Warps], keptTotals[Warps];    // of rankColumns
    int belowThreshold;             // sorted places whose exclusive prefix is below threshold · total
    int aboveLimit;                 // columns whose score exceeds the limit
    unsigned largest, limit;
};

__device__ __forceinline__ float exp2Approximate(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

__device__ __forceinline__ int warpSum(int x) { return __reduce_add_sync(FullWarp, x); }

// The first of the four columns of a thread's quad.
__device__ __forceinline__ int columnOfQuad(int quad) { return 4 * (quad * Threads + threadIdx.x); }

// Sums RowsAtOnce numbers over the 32 lanes, halving the rows a lane answers for at each step; lane l returns row l / (32 / RowsAtOnce).
__device__ __forceinline__ float warpSumOfRows(float (&r)[RowsAtOnce]) {
    const int lane = threadIdx.x % 32;
    int apart = 16;
#pragma unroll
    for (int half = RowsAtOnce / 2; half > 0; half /= 2, apart /= 2) {
        const bool upper = lane & apart;
#pragma unroll
        for (int i = 0; i < half; i++) {
            const float given = upper ? r[i] : r[i + half];
            r[i] = (upper ? r[i + half] : r[i]) + __shfl_xor_sync(FullWarp, given, apart);
        }
    }
#pragma unroll
    for (; apart > 0; apart /= 2) r[0] += __shfl_xor_sync(FullWarp, r[0], apart);
    return r[0];
}

// Ranks of flagged columns in ascending order; right for flagged columns only. One barrier; returns how many are flagged.
__device__ __forceinline__ int rankColumns(const bool (&rFlag)[PerThread], int (&rRank)[PerThread], int* sTotals) {
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    int own = 0;                                              // flagged columns: of the first half in the low 16 bits, of the second above
#pragma unroll
    for (int e = 0; e < PerThread; e++) own += rFlag[e] ? e < 4 ? 1 : 1 << 16 : 0;
    int before = own;
#pragma unroll
    for (int apart = 1; apart < 32; apart *= 2) {
        const int other = __shfl_up_sync(FullWarp, before, apart);
        if (lane >= apart) before += other;
    }
    if (lane == 31) sTotals[warp] = before;
    __syncthreads();
    const int total = lane < Warps ? sTotals[lane] : 0;
    const int all = warpSum(total);
    before += warpSum(lane < warp ? total : 0) - own;
    int low = before & 0xffff, high = (all & 0xffff) + (before >> 16);
#pragma unroll
    for (int e = 0; e < PerThread; e++) rRank[e] = e < 4 ? (low += rFlag[e]) - 1 : (high += rFlag[e]) - 1;
    return (all & 0xffff) + (all >> 16);
}

// blockSums of RowsAtOnce rows, zero past Mk. Rows past the last present one repeat it: their weights are zero.
__device__ __forceinline__ void loadMasses(const float* gSums, int keyBlocks, int present, float (&rMass)[RowsAtOnce][PerThread]) {
    if (keyBlocks % 4 == 0) {
#pragma unroll
        for (int r = 0; r < RowsAtOnce; r++)
#pragma unroll
            for (int q = 0; q < Quads; q++) {
                float (&m)[PerThread] = rMass[r];
                m[4 * q] = m[4 * q + 1] = m[4 * q + 2] = m[4 * q + 3] = 0;
                if (columnOfQuad(q) < keyBlocks)              // read once: kept out of the first-level cache
                    asm volatile("ld.global.nc.L1::no_allocate.v4.f32 {%0,%1,%2,%3}, [%4];"
                        : "=f"(m[4 * q]), "=f"(m[4 * q + 1]), "=f"(m[4 * q + 2]), "=f"(m[4 * q + 3])
                        : "l"(gSums + (long long)min(r, present - 1) * keyBlocks + columnOfQuad(q)));
            }
    } else {
#pragma unroll
        for (int r = 0; r < RowsAtOnce; r++)
#pragma unroll
            for (int e = 0; e < PerThread; e++) {
                const int column = columnOfQuad(e / 4) + e % 4;
                rMass[r][e] = column < keyBlocks ? __ldg(gSums + (long long)min(r, present - 1) * keyBlocks + column) : 0;
            }
    }
}

// w[m, t] of RowsAtOnce strided queries, a warp a row; zero for tiles and rows that are not there. No barrier.
__device__ __forceinline__ void weighTiles(const float* gMaxima, int tiles, int present, SharedPlan& shared) {
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const float none = __int_as_float(0xff800000);            // −inf
    float rMaximum[RowsPerWarp][TilesPerLane];
#pragma unroll
    for (int i = 0; i < RowsPerWarp; i++)
#pragma unroll
        for (int k = 0; k < TilesPerLane; k++) {
            const int r = warp + i * Warps, t = lane + k * 32;
            rMaximum[i][k] = r < present && t < tiles ? __ldg(gMaxima + (long long)r * tiles + t) : none;
        }
#pragma unroll
    for (int i = 0; i < RowsPerWarp; i++) {
        const int r = warp + i * Warps;
        float largest = none;
#pragma unroll
        for (int k = 0; k < TilesPerLane; k++) largest = fmaxf(largest, rMaximum[i][k]);
#pragma unroll
        for (int apart = 16; apart > 0; apart /= 2) largest = fmaxf(largest, __shfl_xor_sync(FullWarp, largest, apart));
#pragma unroll
        for (int k = 0; k < TilesPerLane; k++) {
            const int t = lane + k * 32;
            if (r < RowsAtOnce && t < MaxTiles) shared.weights[r][t] = r < present && t < tiles ? exp2Approximate(rMaximum[i][k] - largest) : 0;
        }
    }
}

// rScore[e] = G of this thread's columns.
__device__ __forceinline__ void sumRows(const SelectArguments& a, float (&rScore)[PerThread], SharedPlan& shared) {
    const int thread = threadIdx.x, lane = thread % 32, warp = thread / 32;
    const int firstRow = blockIdx.x * BlockRows;
    const int rowCount = min(BlockRows, a.rows - firstRow);
    const long long row = (long long)blockIdx.y * a.rows + firstRow;
#pragma unroll
    for (int e = 0; e < PerThread; e++) rScore[e] = 0;
#pragma unroll 1
    for (int start = 0; start < rowCount; start += RowsAtOnce) {
        const int present = min(RowsAtOnce, rowCount - start);
        float rMass[RowsAtOnce][PerThread];
        loadMasses(a.blockSums + (row + start) * a.keyBlocks, a.keyBlocks, present, rMass);
        weighTiles(a.tileMaxima + (row + start) * a.tiles, a.tiles, present, shared);
        __syncthreads();
        float rWeight[RowsAtOnce][Quads], rRowMass[RowsAtOnce];
#pragma unroll
        for (int r = 0; r < RowsAtOnce; r++) {
            rRowMass[r] = 0;
#pragma unroll
            for (int q = 0; q < Quads; q++) {
                const float (&m)[PerThread] = rMass[r];
                rWeight[r][q] = shared.weights[r][columnOfQuad(q) / BlocksPerTile];
                rRowMass[r] += ((m[4 * q] + m[4 * q + 1]) + (m[4 * q + 2] + m[4 * q + 3])) * rWeight[r][q];
            }
        }
        const float rowMass = warpSumOfRows(rRowMass);
        constexpr int LanesPerRow = 32 / RowsAtOnce;
        if (lane % LanesPerRow == 0) shared.warpMasses[warp][lane / LanesPerRow] = rowMass;
        __syncthreads();
        if (thread < RowsAtOnce) {
            float mass = 0;
#pragma unroll
            for (int w = 0; w < Warps; w++) mass += shared.warpMasses[w][thread];
            shared.inverseMass[thread] = thread < present ? 1 / mass : 0;
        }
        __syncthreads();
#pragma unroll
        for (int r = 0; r < RowsAtOnce; r++)
#pragma unroll
            for (int e = 0; e < PerThread; e++) rScore[e] += rMass[r][e] * (rWeight[r][e / 4] * shared.inverseMass[r]);
    }
}

// How many of the largest columns to keep, from the sorted row. Barriers inside.
__device__ __forceinline__ int countKept(const SelectArguments& a, const unsigned (&rSorted)[PerThread], double threshold, SharedPlan& shared) {
    const int thread = threadIdx.x, lane = thread % 32, warp = thread / 32;
    double own = 0;
#pragma unroll
    for (int e = 0; e < PerThread; e++) own += (double)__uint_as_float(rSorted[e]);
    double inclusive = own;
#pragma unroll
    for (int apart = 1; apart < 32; apart *= 2) {
        const double other = __shfl_up_sync(FullWarp, inclusive, apart);
        if (lane >= apart) inclusive += other;
    }
    if (lane == 31) shared.warpTotals[warp] = inclusive;
    double prefix = __shfl_up_sync(FullWarp, inclusive, 1);
    if (lane == 0) prefix = 0;
    if (thread == 0) {
        shared.largest = rSorted[0];
        shared.belowThreshold = shared.aboveLimit = 0;
    }
    __syncthreads();
    // These conditions are the same for the whole block.
    if (shared.largest == 0 || shared.largest >= InfinityBits) return a.keyBlocks;
    int count = a.keyBlocks;
    if (a.fixedCount > 0) count = a.fixedCount;
    else if (threshold < 1) {
        double total = 0, before = 0;
#pragma unroll 4
        for (int w = 0; w < Warps; w++) {
            if (w == warp) before = total;
            total += shared.warpTotals[w];
        }
        prefix += before;
        int below = 0;
#pragma unroll
        for (int e = 0; e < PerThread; e++) {
            below += prefix < threshold * total;
            prefix += (double)__uint_as_float(rSorted[e]);
        }
        below = warpSum(below);
        if (lane == 0) atomicAdd(&shared.belowThreshold, below);
        __syncthreads();
        count = shared.belowThreshold;
    }
    return min(min(max(count, max(a.minBlocks, 1)), a.maxBlocks), a.keyBlocks);
}

// The columns of the stable descending order's first `count` places. Barriers inside.
__device__ __forceinline__ void keepLargest(const unsigned (&rSorted)[PerThread], const float (&rScore)[PerThread], int count, int keyBlocks,
                                            bool (&rKept)[PerThread], SharedPlan& shared) {
    const int thread = threadIdx.x, lane = thread % 32;
    const int place = count - 1;
#pragma unroll
    for (int e = 0; e < PerThread; e++)
        if (thread * PerThread + e == place) shared.limit = rSorted[e];
    __syncthreads();
    const unsigned limit = shared.limit;
    bool rEqual[PerThread];
    int above = 0;
#pragma unroll
    for (int e = 0; e < PerThread; e++) {
        const bool valid = columnOfQuad(e / 4) + e % 4 < keyBlocks;
        const unsigned bits = __float_as_uint(rScore[e]);
        rKept[e] = valid && bits > limit;
        rEqual[e] = valid && bits == limit;
        above += rKept[e];
    }
    above = warpSum(above);
    if (lane == 0) atomicAdd(&shared.aboveLimit, above);
    int rRank[PerThread];
    rankColumns(rEqual, rRank, shared.equalTotals);           // its barrier also completes aboveLimit
    const int ties = count - shared.aboveLimit;
#pragma unroll
    for (int e = 0; e < PerThread; e++) rKept[e] |= rEqual[e] && rRank[e] < ties;
}

extern "C" __global__ void __launch_bounds__(Threads, ResidentBlocks)
xv_xattention_select(const __grid_constant__ SelectArguments a) {
    __shared__ SharedPlan shared;
    const int queryBlock = blockIdx.x;
    const int head = a.firstHead + blockIdx.y;
    const long long list = (long long)head * a.queryBlocks + queryBlock;

    float rScore[PerThread];
    sumRows(a, rScore, shared);
    unsigned rSorted[PerThread];                              // zeros in place of columns past Mk sort to the end
#pragma unroll
    for (int e = 0; e < PerThread; e++) {
        const int column = columnOfQuad(e / 4) + e % 4;
        rSorted[e] = column < a.keyBlocks ? __float_as_uint(rScore[e]) : 0;
        if (a.blockScores != nullptr && column < a.keyBlocks) a.blockScores[list * a.keyBlocks + column] = rScore[e];
    }
    sortDescending<PerThread, Threads>(rSorted, shared.exchange);
    const double threshold = a.headThresholds == nullptr ? a.threshold : a.headThresholds[head % a.heads];
    const int count = countKept(a, rSorted, threshold, shared);
    bool rKept[PerThread];
    keepLargest(rSorted, rScore, count, a.keyBlocks, rKept, shared);

    const bool keepsAll = (unsigned)(queryBlock - a.pinnedQueryFirst) < (unsigned)a.pinnedQueryCount;
#pragma unroll
    for (int e = 0; e < PerThread; e++) {
        const int column = columnOfQuad(e / 4) + e % 4;
        const bool pinned = (unsigned)(column - a.pinnedKeyFirst) < (unsigned)a.pinnedKeyCount;
        rKept[e] |= column < a.keyBlocks && (keepsAll || pinned || (column == 0 && a.keepsFirstBlock));
    }
    int rRank[PerThread];
    const int kept = rankColumns(rKept, rRank, shared.keptTotals);
#pragma unroll
    for (int e = 0; e < PerThread; e++)
        if (rKept[e]) a.indices[list * a.keyBlocks + rRank[e]] = columnOfQuad(e / 4) + e % 4;
    if (threadIdx.x == 0) {
        a.counts[list] = kept;
        if (a.keptTotal != nullptr) atomicAdd(a.keptTotal, (unsigned long long)kept);
    }
}
