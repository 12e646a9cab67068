// sm80_xattention_score: XAttention's antidiagonal scores for compute capability 8.0 and later, reduced as they are computed.
//
// Strided query m and strided key n stand for STRIDE tokens each. Their score is the sum over one antidiagonal of tokens,
//     A[m, n] = scaleLog2 · Σ_{i < STRIDE} q[m·STRIDE + STRIDE − 1 − i] · k[n·STRIDE + i],
// a matrix product of rows of STRIDE·D elements (the query's tokens walked backwards). A itself is never written. Out go, for
// each m and each tile of 128 strided keys, the largest score, and for each key block of BLOCK tokens the sum of
// 2^(A − that maximum): with both a later kernel knows the softmax over all keys, summed by key blocks.
//
//   tensor      shape                        type      layout
//   query       [B, N, Sq, D]                ELEMENT   D contiguous, other strides free (multiples of 8 elements)
//   key         [B, N, Sk, D]                ELEMENT   likewise
//   blockSums   [headCount, rows, Mk]        float32   contiguous; 0 where a key block has no valid key
//   tileMaxima  [headCount, rows, tiles]     float32   contiguous; log2 units, −∞ where every score is
//
// Launch: any grid (x only; multiprocessors · BLOCKS_PER_SM is best), Threads threads, sizeof(SharedPlan) dynamic bytes.
// A thread block takes tiles of TILE_ROWS × 128 scores, gridDim.x apart, and keeps loading through the epilogues.
// Each warp owns 64 × 64 scores. The reduction runs in chunks of 64 elements, STAGES of them in shared memory; the fragments
// of the next 16 elements are read while the current ones multiply.
// Tiles are ordered in groups of GroupRowTiles row tiles, so that tiles in flight share their rows in L2.
//
// Shared memory, bytes (TILE_ROWS = 256, STAGES = 4: 198,656; TILE_ROWS = 128, STAGES = 3: 99,328)
//   stages   STAGES · (TILE_ROWS + 128) · 128   query chunk, then key chunk; 16-byte chunk c of row r lies at c xor (r mod 8)
//   maxima   2 · TILE_ROWS · 4                  row maxima of the two column halves
// Devices with 99 KiB per block (compute 8.6, 8.9, 12.x) must take TILE_ROWS = 128 and STAGES = 3.
//
// Numerics: products of ELEMENT, accumulated in float32; maxima and sums in float32. Fixed order: results repeat bitwise.
// A NaN score makes the sums of its row and key block NaN, and never shows in the maxima.
// Limits: token stride · STRIDE · 2 < 2^31; heads · row tiles · tiles < 2^31. Rows and columns past the last are not read.
//
// Follows XAttention (Xu et al. 2025, arXiv 2503.16428), section 2: antidiagonal scoring.

#include "arguments.cuh"
#include "sm80_instructions.cuh"

// ---- injected by the host ----
#ifndef HEAD_DIM
#error "HEAD_DIM must be injected: 64 or 128."
#endif
#ifndef BLOCK
#error "BLOCK must be injected: tokens of a key block, 64 or 128."
#endif
#ifndef STRIDE
#error "STRIDE must be injected: tokens of one antidiagonal, 4, 8 or 16."
#endif

// ---- tuning, may be injected; measured on an H100 ----
#ifndef TILE_ROWS
#define TILE_ROWS (STRIDE * HEAD_DIM < 1024 ? 128 : 256)     // strided queries per tile; short reductions want two blocks per SM, so
#endif                                                       // that one's epilogue runs beside the other's products
#ifndef STAGES
#define STAGES (TILE_ROWS == 256 ? 4 : 3)
#endif
#ifndef BLOCKS_PER_SM
#define BLOCKS_PER_SM (TILE_ROWS == 256 ? 1 : 2)
#endif

static_assert(HEAD_DIM == 64 || HEAD_DIM == 128, "HEAD_DIM must be 64 or 128: a chunk of 64 elements must not cross tokens.");
static_assert(BLOCK == 64 || BLOCK == 128, "BLOCK must be 64 or 128.");
static_assert(STRIDE == 4 || STRIDE == 8 || STRIDE == 16, "STRIDE must be 4, 8 or 16.");
static_assert(TILE_ROWS == 128 || TILE_ROWS == 256, "TILE_ROWS must be 128 or 256: warps own 64 × 64 scores.");
static_assert(STAGES >= 2, "STAGES must be at least 2.");

constexpr int TileColumns = 128;
constexpr int WarpRows = 64, WarpColumns = 64;
constexpr int Threads = TILE_ROWS / WarpRows * (TileColumns / WarpColumns) * WarpThreads;
constexpr int ChunkDims = 64;                            // elements of the reduction per stage
constexpr int RowBytes = ChunkDims * 2;
constexpr int RowChunks = RowBytes / ChunkBytes;
constexpr int RowsPerCopy = Threads / RowChunks;
constexpr int QueryBytes = TILE_ROWS * RowBytes;
constexpr int StageBytes = QueryBytes + TileColumns * RowBytes;
constexpr int ChunksPerToken = HEAD_DIM / ChunkDims;
constexpr int ChunksPerTile = STRIDE * ChunksPerToken;
constexpr int Slices = ChunkDims / 16;
constexpr int RowTiles = WarpRows / 16;
constexpr int ColumnTiles = WarpColumns / 8;
constexpr int BlockColumns = BLOCK / STRIDE;             // strided keys per key block: 32, 16, 8 or 4
constexpr int GroupRowTiles = 8;

struct SharedPlan {
    unsigned char stages[STAGES][StageBytes];
    float maxima[TileColumns / WarpColumns][TILE_ROWS];
};

// Division by a number fixed for the launch: one multiplication and a correction, as it runs between products.
struct Divisor {
    unsigned divisor, inverse;               // floor((2³² − 1) / divisor): the estimate is at most 1 too small

    __device__ __forceinline__ explicit Divisor(int number) : divisor(number), inverse(0xffffffffu / (unsigned)number) {}

    __device__ __forceinline__ int divide(unsigned dividend, int& remainder) const {
        unsigned quotient = __umulhi(dividend, inverse), rest = dividend - quotient * divisor;
        if (rest >= divisor) { ++quotient; rest -= divisor; }
        remainder = (int)rest;
        return (int)quotient;
    }
};

// One tile of scores: where it lies.
struct Tile {
    int head, row, column, index;            // head of the launch, first row, first column, column tile
};

// Numbers the tiles of a launch: by head, by group of row tiles, by column tile, by row tile of the group.
struct TileOrder {
    int rowTiles, count;
    Divisor head, group, lastGroup, heads;

    __device__ __forceinline__ explicit TileOrder(const ScoreArguments& arguments)
        : rowTiles((arguments.rows + TILE_ROWS - 1) / TILE_ROWS), count(arguments.headCount * rowTiles * arguments.tiles),
          head(rowTiles * arguments.tiles), group(GroupRowTiles * arguments.tiles), lastGroup((rowTiles - 1) % GroupRowTiles + 1), heads(arguments.heads) {}

    __device__ __forceinline__ Tile locate(int number) const {
        int inHead, inGroup, row;
        const int headIndex = head.divide(number, inHead), groupIndex = group.divide(inHead, inGroup);
        int column;
        if ((groupIndex + 1) * GroupRowTiles <= rowTiles) {
            column = inGroup / GroupRowTiles;
            row = inGroup % GroupRowTiles;
        } else {
            column = lastGroup.divide(inGroup, row);
        }
        return { headIndex, (groupIndex * GroupRowTiles + row) * TILE_ROWS, column * TileColumns, column };
    }
};

// ---- global to shared ----

// Walks the chunks of all tiles of this thread block, ahead of the products. After the last tile it loads that one once more.
struct Loader {
    static constexpr int QueryCopies = TILE_ROWS / RowsPerCopy, Copies = QueryCopies + TileColumns / RowsPerCopy;

    const ScoreArguments& arguments;
    const TileOrder& order;
    const char* gQuery;                      // head of the tile being loaded, at this thread's column of a chunk
    const char* gKey;
    int queryRow, keyRow;                    // this thread's first rows of the tile
    int number;                              // number of the tile among all
    int chunk;                               // next chunk of the tile
    int row;                                 // this thread's first row of a chunk
    unsigned sTarget;                        // where it goes in stage 0

    __device__ __forceinline__ void enterTile() {
        const Tile tile = order.locate(number);
        int head;
        const int batch = order.heads.divide(arguments.firstHead + tile.head, head);
        const int dim = threadIdx.x % RowChunks * ChunkElements;
        gQuery = (const char*)arguments.query + (batch * arguments.queryStrides.batch + head * arguments.queryStrides.head + dim) * 2;
        gKey = (const char*)arguments.key + (batch * arguments.keyStrides.batch + head * arguments.keyStrides.head + dim) * 2;
        queryRow = tile.row + row;
        keyRow = tile.column + row;
    }

    // Issues part `part` of `parts` of this thread's copies of the chunk.
    __device__ __forceinline__ void loadPart(int stage, int part, int parts) const {
        const int token = chunk / ChunksPerToken, dim = chunk % ChunksPerToken * ChunkDims;
        const char* gQueryChunk = gQuery + ((STRIDE - 1 - token) * arguments.queryStrides.token + dim) * 2;
        const char* gKeyChunk = gKey + (token * arguments.keyStrides.token + dim) * 2;
        const int queryRowBytes = (int)arguments.queryStrides.token * (STRIDE * 2), keyRowBytes = (int)arguments.keyStrides.token * (STRIDE * 2);
        const unsigned sStage = sTarget + stage * StageBytes;
        #pragma unroll
        for (int copy = 0; copy < Copies; ++copy) {
            if (copy * parts / Copies != part) continue;
            const int j = copy < QueryCopies ? copy : copy - QueryCopies, offset = j * RowsPerCopy;
            if (copy < QueryCopies)
                copyChunk(sStage + offset * RowBytes, gQueryChunk + (long long)min(queryRow + offset, arguments.rows - 1) * queryRowBytes);
            else
                copyChunk(sStage + QueryBytes + offset * RowBytes, gKeyChunk + (long long)min(keyRow + offset, arguments.columns - 1) * keyRowBytes);
        }
    }

    __device__ __forceinline__ void finishChunk() {
        commitCopies();
        if (++chunk < ChunksPerTile) return;
        chunk = 0;
        if (number + (int)gridDim.x >= order.count) return;
        number += gridDim.x;
        enterTile();
    }
};

// ---- product ----

// The operands of 16 elements of the reduction.
struct Fragments {
    unsigned rQuery[RowTiles][4];            // [64 rows, 16]
    unsigned rKey[ColumnTiles / 2][4];       // [64 columns, 16]

    __device__ __forceinline__ void load(unsigned sQuery, unsigned sKey, int slice) {
        #pragma unroll
        for (int m = 0; m < RowTiles; ++m) loadMatrices(rQuery[m], (sQuery ^ (slice << 5)) + m * 16 * RowBytes);
        #pragma unroll
        for (int n = 0; n < ColumnTiles / 2; ++n) loadMatrices(rKey[n], (sKey ^ (slice << 5)) + n * 16 * RowBytes);
    }

    __device__ __forceinline__ void multiply(float (&rScores)[RowTiles][ColumnTiles][4]) const {
        #pragma unroll
        for (int m = 0; m < RowTiles; ++m)
            #pragma unroll
            for (int i = 0; i < ColumnTiles / 2; ++i) {
                const int n = m % 2 == 0 ? i : ColumnTiles / 2 - 1 - i;           // there and back: neighbours share an operand
                multiplyAdd(rScores[m][2 * n], rQuery[m], rKey[n][0], rKey[n][1]);
                multiplyAdd(rScores[m][2 * n + 1], rQuery[m], rKey[n][2], rKey[n][3]);
            }
    }
};

// ---- epilogue ----

// Adds the four lanes' shares of four sums; lane l of the quad gets sum l.
__device__ __forceinline__ float scatterQuadSums(float v0, float v1, float v2, float v3) {
    const bool high = threadIdx.x & 2, odd = threadIdx.x & 1;
    float a = high ? v2 : v0, b = high ? v3 : v1;
    a += __shfl_xor_sync(FullWarp, high ? v0 : v2, 2);
    b += __shfl_xor_sync(FullWarp, high ? v1 : v3, 2);
    return (odd ? b : a) + __shfl_xor_sync(FullWarp, odd ? a : b, 1);
}

// Writes the sums of one row over the warp's key blocks. p[n] is this lane's share of column tile n: 2 of its 8 columns.
__device__ __forceinline__ void storeBlockSums(const float (&p)[ColumnTiles], float* gRow, int firstBlock, int keyBlocks, bool rowValid) {
    const int lane = threadIdx.x % 4;
    auto store = [&](int block, float sum) { if (rowValid && block < keyBlocks) gRow[block] = sum; };
    if constexpr (BlockColumns == 4) {                   // lanes 0, 1 hold the first block of a column tile, lanes 2, 3 the second
        #pragma unroll
        for (int n = 0; n < ColumnTiles; n += 2) {
            const bool odd = lane & 1;
            const float sum = (odd ? p[n + 1] : p[n]) + __shfl_xor_sync(FullWarp, odd ? p[n] : p[n + 1], 1);
            store(firstBlock + 2 * (n + (lane & 1)) + (lane >> 1), sum);
        }
    } else if constexpr (BlockColumns == 8) {
        #pragma unroll
        for (int n = 0; n < ColumnTiles; n += 4) store(firstBlock + n + lane, scatterQuadSums(p[n], p[n + 1], p[n + 2], p[n + 3]));
    } else if constexpr (BlockColumns == 16) {
        store(firstBlock + lane, scatterQuadSums(p[0] + p[1], p[2] + p[3], p[4] + p[5], p[6] + p[7]));
    } else {
        const float low = p[0] + p[1] + (p[2] + p[3]), high = p[4] + p[5] + (p[6] + p[7]);
        const bool second = lane & 2;
        float sum = (second ? high : low) + __shfl_xor_sync(FullWarp, second ? low : high, 2);
        sum += __shfl_xor_sync(FullWarp, sum, 1);
        if ((lane & 1) == 0) store(firstBlock + lane / 2, sum);
    }
}

// Scales and masks the scores in place, finds the row maxima over both column halves, writes maxima and block sums.
__device__ __forceinline__ void reduceTile(
        const ScoreArguments& arguments, SharedPlan& plan, const Tile& tile, float (&rScores)[RowTiles][ColumnTiles][4], int warpRow, int warpHalf) {
    const int lane = threadIdx.x % WarpThreads;
    const int firstColumn = tile.column + warpHalf * WarpColumns;
    if (tile.column + TileColumns > arguments.columns) {
        #pragma unroll
        for (int m = 0; m < RowTiles; ++m)
            #pragma unroll
            for (int n = 0; n < ColumnTiles; ++n)
                #pragma unroll
                for (int e = 0; e < 4; ++e)
                    if (firstColumn + n * 8 + lane % 4 * 2 + e % 2 >= arguments.columns) rScores[m][n][e] = negativeInfinity();
    }

    float rLargest[RowTiles * 2];                        // row r = 2·m + h is row m·16 + h·8 + lane / 4 of the warp
    #pragma unroll
    for (int r = 0; r < RowTiles * 2; ++r) {
        const int m = r / 2, e = r % 2 * 2;
        float largest = fmaxf(rScores[m][0][e], rScores[m][0][e + 1]);
        #pragma unroll
        for (int n = 1; n < ColumnTiles; ++n) largest = fmaxf(largest, fmaxf(rScores[m][n][e], rScores[m][n][e + 1]));
        largest = fmaxf(largest, __shfl_xor_sync(FullWarp, largest, 1));
        largest = fmaxf(largest, __shfl_xor_sync(FullWarp, largest, 2));
        rLargest[r] = largest;
        if (lane % 4 == 0) plan.maxima[warpHalf][warpRow + r * 8 + lane / 4] = largest;
    }
    __syncthreads();                                     // the next tile's maxima come many barriers later

    #pragma unroll
    for (int r = 0; r < RowTiles * 2; ++r) {
        const int m = r / 2, e = r % 2 * 2, rowInTile = warpRow + r * 8 + lane / 4, row = tile.row + rowInTile;
        const float maximum = fmaxf(rLargest[r], plan.maxima[1 - warpHalf][rowInTile]) * arguments.scaleLog2;
        const float shift = maximum == negativeInfinity() ? 0 : -maximum;
        float p[ColumnTiles];
        #pragma unroll
        for (int n = 0; n < ColumnTiles; ++n)
            p[n] = powerOfTwo(fmaf(rScores[m][n][e], arguments.scaleLog2, shift)) + powerOfTwo(fmaf(rScores[m][n][e + 1], arguments.scaleLog2, shift));
        const long long outputRow = (long long)tile.head * arguments.rows + row;
        const bool rowValid = row < arguments.rows;
        storeBlockSums(p, arguments.blockSums + outputRow * arguments.keyBlocks, firstColumn / BlockColumns, arguments.keyBlocks, rowValid);
        if (warpHalf == 0 && lane % 4 == 0 && rowValid) arguments.tileMaxima[outputRow * arguments.tiles + tile.index] = maximum;
    }
}

// ---- entry ----

extern "C" __global__ void __launch_bounds__(Threads, BLOCKS_PER_SM)
xv_sm80_xattention_score(const __grid_constant__ ScoreArguments arguments) {
    extern __shared__ __align__(1024) unsigned char sMemory[];
    SharedPlan& plan = *(SharedPlan*)sMemory;
    const int lane = threadIdx.x % WarpThreads, warp = threadIdx.x / WarpThreads;
    const int warpRow = warp / 2 * WarpRows, warpHalf = warp % 2;
    const unsigned sStages = sharedAddress(plan.stages);
    const TileOrder order(arguments);
    if (blockIdx.x >= order.count) return;

    const int loadRow = threadIdx.x / RowChunks;
    Loader loader = { arguments, order, nullptr, nullptr, 0, 0, (int)blockIdx.x, 0, loadRow,
        sStages + loadRow * RowBytes + ((threadIdx.x % RowChunks) ^ (loadRow & 7)) * ChunkBytes };
    loader.enterTile();
    #pragma unroll
    for (int s = 0; s < STAGES - 1; ++s) {
        loader.loadPart(s, 0, 1);
        loader.finishChunk();
    }

    const unsigned sQuery = sStages + (warpRow + lane % 16) * RowBytes + ((lane / 16) ^ (lane & 7)) * ChunkBytes;
    const unsigned sKey = sStages + QueryBytes + (warpHalf * WarpColumns + lane % 8 + lane / 16 * 8) * RowBytes
        + ((lane / 8 & 1) ^ (lane & 7)) * ChunkBytes;
    Fragments rFragments[2];                             // the slice being multiplied and the one being read
    waitForCopies<STAGES - 2>();
    __syncthreads();
    rFragments[0].load(sQuery, sKey, 0);

    int stage = 0;
    for (int number = blockIdx.x; number < order.count; number += gridDim.x) {
        float rScores[RowTiles][ColumnTiles][4] = {};    // [64, 64]
        #pragma unroll 1
        for (int chunk = 0; chunk < ChunksPerTile; ++chunk) {
            const unsigned sStage = stage * StageBytes;
            const int freeStage = stage == 0 ? STAGES - 1 : stage - 1;
            #pragma unroll
            for (int slice = 0; slice < Slices - 1; ++slice) {
                rFragments[(slice + 1) % 2].load(sQuery + sStage, sKey + sStage, slice + 1);
                loader.loadPart(freeStage, slice, Slices - 1);
                rFragments[slice % 2].multiply(rScores);
            }
            loader.finishChunk();
            waitForCopies<STAGES - 2>();
            __syncthreads();                             // the next stage is there, and every warp has read this one
            stage = stage == STAGES - 1 ? 0 : stage + 1;
            rFragments[0].load(sQuery + stage * StageBytes, sKey + stage * StageBytes, 0);
            rFragments[1].multiply(rScores);
        }
        reduceTile(arguments, plan, order.locate(number), rScores, warpRow, warpHalf);
    }
    waitForCopies<0>();
}
