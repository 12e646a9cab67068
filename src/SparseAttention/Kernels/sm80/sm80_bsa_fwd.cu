// sm80_bsa_fwd: block-sparse attention forward for compute capability 8.0 and later.
//
// For each query block i of BLOCK tokens: out = softmax(scale · q·kᵀ)·v over the key blocks listed for i.
//
//   tensor           shape            type       layout
//   query            [B, N, Sq, D]    ELEMENT    D contiguous, other strides free (multiples of 8 elements)
//   key, value       [B, N, Sk, D]    ELEMENT    likewise
//   output           [B, N, Sq, D]    ELEMENT    likewise
//   logSumExp        [B, N, Sq]       float32    contiguous, natural logarithm; may be null
//   keyBlockCounts   [B, N, Mq]       int32      strided by listBatchStride, listHeadStride; null with the indices: every block
//   keyBlockIndices  [B, N, Mq, Mk]   int32      ascending; the first count of each row are read
//   rowOrder         [B·N, Mq]        int32      which query block the x-th thread block takes; null: the x-th
//
// Launch: grid (Mq, B·N), WARPS·32 threads, sizeof(SharedPlan) bytes of dynamic shared memory.
// One thread block owns one query block; each warp owns BLOCK / WARPS of its rows (16 or 32) and walks all key tiles, so
// warps share nothing but the loaded tiles. 32 rows per warp halve the shared-memory reads per product against 16.
// Every thread copies its part of the next tile (cp.async) between the scores and the softmax of the current one. Two
// mbarriers per stage order this: `filled` counts threads whose copies landed, `emptied` counts warps that are done reading.
// No warp waits for the others except through these, so one warp's softmax runs beside another's products.
// Keys come in tiles of KEY_TILE tokens, from the end of the list to its start: the partial block at the end of the
// sequence, the only one that needs element masking, is then the first tile and stays out of the loop.
//
// Shared memory, BLOCK·D·2 + STAGES·(KEY_TILE·D·4 + 16) bytes (BLOCK = 128: D = 128 98,336; D = 64 81,952; two blocks per SM)
//   query    BLOCK · D · 2                  read by ldmatrix for every tile; the output is staged here at the end
//   stages   STAGES · KEY_TILE · D · 2 · 2  key tile, then value tile
//   filled, emptied   STAGES · 8 each
// Rows are D·2 bytes; 16-byte chunk c of row r lies at chunk c xor (r mod 8), so ldmatrix meets no bank conflict.
//
// Numerics: both products accumulate in float32; softmax in base 2 with the scale folded in; probabilities are rounded to
// ELEMENT before the second product; row sums add the unrounded ones. The running maximum is only raised when a score exceeds
// it by more than MaximumSlack (probabilities then reach at most 2^MaximumSlack), which leaves the result the same and
// spares nearly every rescaling of the accumulators. A row without keys gives zeros and a log-sum-exp of −∞.
// The order of accumulation is fixed by the list: results repeat bitwise.
// Limits: B·N ≤ 65535; keys, queries < 2^31 − 128. Indices in [0, Mk) in any order never lead outside the tensors.
//
// Online softmax after Dao et al. 2022 (arXiv 2205.14135), Algorithm 1, and Dao 2023 (arXiv 2307.08691).

#include "arguments.cuh"
#include "sm80_instructions.cuh"

// ---- injected by the host ----
#ifndef HEAD_DIM
#error "HEAD_DIM must be injected: 64 or 128."
#endif
#ifndef BLOCK
#error "BLOCK must be injected: tokens of a query block and of a key block, 64 or 128."
#endif

// ---- tuning, may be injected; measured on an H100 ----
#ifndef WARPS
#define WARPS 4                                                // BLOCK / WARPS rows per warp: 16 or 32
#endif
#ifndef KEY_TILE
#define KEY_TILE (HEAD_DIM == 64 ? BLOCK : 64)                 // keys per stage; 128 with D = 128 would leave room for one thread block only
#endif
#ifndef KEY_STEP
#define KEY_STEP 64                                            // keys per softmax step; D = 128 and 64 keys just fit 255 registers
#endif
#ifndef STAGES
#define STAGES 2
#endif
#ifndef QUERY_SLICES
#define QUERY_SLICES (HEAD_DIM == 64 ? 4 : BLOCK == 64 ? 8 : 0) // 16-wide slices of the query kept in registers, 0 to D/16
#endif
#ifndef BLOCKS_PER_SM
#define BLOCKS_PER_SM 2
#endif

static_assert(HEAD_DIM == 64 || HEAD_DIM == 128, "HEAD_DIM must be 64 or 128: the swizzle assumes rows of one or two 128-byte lines.");
static_assert(BLOCK == 64 || BLOCK == 128, "BLOCK must be 64 or 128.");
static_assert(BLOCK == WARPS * 16 || BLOCK == WARPS * 32, "BLOCK / WARPS must be 16 or 32: a warp owns one or two mma tiles of rows.");
static_assert(BLOCK % KEY_TILE == 0, "KEY_TILE must divide BLOCK: a tile belongs to one listed block.");
static_assert(KEY_TILE % KEY_STEP == 0 && KEY_STEP % 16 == 0, "KEY_STEP must divide KEY_TILE and be a multiple of 16.");
static_assert(STAGES >= 2, "STAGES must be at least 2: the next tile is loaded while this one is computed.");
static_assert(QUERY_SLICES >= 0 && QUERY_SLICES * 16 <= HEAD_DIM, "QUERY_SLICES must lie in 0..HEAD_DIM/16.");

constexpr int Threads = WARPS * WarpThreads;
constexpr int RowBytes = HEAD_DIM * 2;
constexpr int RowChunks = RowBytes / ChunkBytes;
constexpr int RowsPerCopy = Threads / RowChunks;         // rows that one cp.async of all threads covers
constexpr int TileBytes = KEY_TILE * RowBytes;
constexpr int RowTiles = BLOCK / WARPS / 16;             // 16-row mma tiles per warp
constexpr int StepTiles = KEY_STEP / 8;                  // 8-key mma tiles per softmax step
constexpr int DimSlices = HEAD_DIM / 16;
constexpr int TilesPerBlock = BLOCK / KEY_TILE;
constexpr float MaximumSlack = 8.0f;                     // log2 units
constexpr float NaturalOfBinary = 0.69314718055994531f;  // ln 2

static_assert(RowsPerCopy % 8 == 0, "A copy must cover whole groups of 8 rows: each thread then keeps one swizzled column.");

struct SharedPlan {
    unsigned char query[BLOCK * RowBytes];
    unsigned char stages[STAGES][2][TileBytes];          // [stage][key, value]
    unsigned long long filled[STAGES];                   // mbarrier: every thread's copies into the stage have landed
    unsigned long long emptied[STAGES];                  // mbarrier: every warp has read the stage
};

// What one thread keeps of its warp's rows. Row r = 2·m + h is row m·16 + h·8 + lane / 4 of the warp.
struct RowState {
    float rOutput[RowTiles][HEAD_DIM / 8][4];
    float rMinusMaximum[RowTiles * 2];                   // minus the running maximum of scale·score, log2 units; +inf: none yet
    float rSum[RowTiles * 2];                            // this thread's share of the row sum
};

// What one thread needs to copy its chunks of a tile.
struct TileSource {
    const char* gKey;                                    // this thread's first chunk of token 0
    const char* gValue;
    long long keyToken, valueToken;                      // bytes from one token to the next
    int keyTokens;
    int row;                                             // this thread's first row of a tile
    unsigned sTarget;                                    // this thread's first chunk within a stage
};

// Where ldmatrix finds its operands: this lane's address for slice 0.
struct FragmentAddresses {
    unsigned sQuery, sKey, sValue;
};

// Steps from slice 0 of a row to slice `slice`: within a 128-byte line the chunk number is xor-ed, lines follow each other.
__device__ __forceinline__ unsigned sliceAddress(unsigned sRow, int slice) {
    return (sRow ^ ((slice & 3) << 5)) + (slice >> 2) * 128;
}

// ---- global to shared ----

// Copies one key and value tile. First: tokens from keyTokens on become zeros. Otherwise the tile must be whole; its start is
// clamped so that even a list that is out of order stays inside the tensors.
template <bool First>
__device__ __forceinline__ void loadTile(const TileSource& source, int start, int stage) {
    if (!First) start = (int)min((unsigned)start, (unsigned)(source.keyTokens - KEY_TILE));
    const unsigned sKey = source.sTarget + stage * 2 * TileBytes;
    const char* gKey = source.gKey + (start + source.row) * source.keyToken;
    const char* gValue = source.gValue + (start + source.row) * source.valueToken;
    if (First) {
        #pragma unroll
        for (int j = 0; j < KEY_TILE / RowsPerCopy; ++j) {
            const int token = start + source.row + j * RowsPerCopy;
            const bool valid = (unsigned)token < (unsigned)source.keyTokens;
            const unsigned offset = j * RowsPerCopy * RowBytes;
            copyChunkOrZero(sKey + offset, valid ? gKey + j * RowsPerCopy * source.keyToken : source.gKey, valid);
            copyChunkOrZero(sKey + TileBytes + offset, valid ? gValue + j * RowsPerCopy * source.valueToken : source.gValue, valid);
        }
    } else {
        #pragma unroll
        for (int j = 0; j < KEY_TILE / RowsPerCopy; ++j) {
            copyChunk(sKey + j * RowsPerCopy * RowBytes, gKey);
            gKey += RowsPerCopy * source.keyToken;
        }
        #pragma unroll
        for (int j = 0; j < KEY_TILE / RowsPerCopy; ++j) {
            copyChunk(sKey + TileBytes + j * RowsPerCopy * RowBytes, gValue);
            gValue += RowsPerCopy * source.valueToken;
        }
    }
}

// Copies this thread block's queries; rows past the last token repeat it and are never stored.
__device__ __forceinline__ void loadQuery(const AttentionArguments& arguments, const char* gHead, int firstQuery, int row, int chunk, unsigned sTarget) {
    #pragma unroll
    for (int j = 0; j < BLOCK / RowsPerCopy; ++j) {
        const int token = min(firstQuery + row + j * RowsPerCopy, arguments.queryTokens - 1);
        copyChunk(sTarget + j * RowsPerCopy * RowBytes, gHead + (token * arguments.queryStrides.token + chunk * ChunkElements) * 2);
    }
}

// ---- one softmax step ----

// rScores[m][n] = q·kᵀ of the warp's rows and KEY_STEP keys, unscaled.
__device__ __forceinline__ void computeScores(
        float (&rScores)[RowTiles][StepTiles][4], const unsigned (&rQuery)[QUERY_SLICES + 1][RowTiles][4],
        unsigned sQueryRow, unsigned sKeyRow) {
    #pragma unroll
    for (int m = 0; m < RowTiles; ++m)
        #pragma unroll
        for (int n = 0; n < StepTiles; ++n)
            #pragma unroll
            for (int e = 0; e < 4; ++e) rScores[m][n][e] = 0;

    #pragma unroll
    for (int slice = 0; slice < DimSlices; ++slice) {
        unsigned rQuerySlice[RowTiles][4];                                        // [RowTiles·16, 16]
        #pragma unroll
        for (int m = 0; m < RowTiles; ++m) {
            if (slice < QUERY_SLICES) {
                #pragma unroll
                for (int e = 0; e < 4; ++e) rQuerySlice[m][e] = rQuery[slice < QUERY_SLICES ? slice : 0][m][e];
            } else {
                loadMatrices(rQuerySlice[m], sliceAddress(sQueryRow, slice) + m * 16 * RowBytes);
            }
        }
        #pragma unroll
        for (int pair = 0; pair < StepTiles / 2; ++pair) {
            unsigned rKey[4];                                                     // [16 keys, 16]
            loadMatrices(rKey, sliceAddress(sKeyRow, slice) + pair * 16 * RowBytes);
            #pragma unroll
            for (int m = 0; m < RowTiles; ++m) {
                multiplyAdd(rScores[m][2 * pair], rQuerySlice[m], rKey[0], rKey[1]);
                multiplyAdd(rScores[m][2 * pair + 1], rQuerySlice[m], rKey[2], rKey[3]);
            }
        }
    }
}

// Keys from validKeys on (of this step) lie past the end of the sequence.
__device__ __forceinline__ void maskKeys(float (&rScores)[RowTiles][StepTiles][4], int validKeys) {
    const int column = threadIdx.x % 4 * 2;
    #pragma unroll
    for (int m = 0; m < RowTiles; ++m)
        #pragma unroll
        for (int n = 0; n < StepTiles; ++n)
            #pragma unroll
            for (int e = 0; e < 4; ++e)
                if (column + n * 8 + e % 2 >= validKeys) rScores[m][n][e] = negativeInfinity();
}

// Raises the running maxima to cover this step where any row of the warp needs it (First: always).
template <bool First>
__device__ __forceinline__ void raiseMaxima(RowState& state, const float (&rScores)[RowTiles][StepTiles][4], float scaleLog2) {
    float rLargest[RowTiles * 2];
    bool exceeds = First;
    #pragma unroll
    for (int r = 0; r < RowTiles * 2; ++r) {
        const int m = r / 2, e = r % 2 * 2;
        float largest = fmaxf(rScores[m][0][e], rScores[m][0][e + 1]);
        #pragma unroll
        for (int n = 1; n < StepTiles; ++n) largest = fmaxf(largest, fmaxf(rScores[m][n][e], rScores[m][n][e + 1]));
        rLargest[r] = largest;
        exceeds |= fmaf(largest, scaleLog2, state.rMinusMaximum[r]) > MaximumSlack;
    }
    if (!First && !__any_sync(FullWarp, exceeds)) return;

    #pragma unroll
    for (int r = 0; r < RowTiles * 2; ++r) {
        float largest = rLargest[r];                                              // over the four lanes that share the row
        largest = fmaxf(largest, __shfl_xor_sync(FullWarp, largest, 1));
        largest = fmaxf(largest, __shfl_xor_sync(FullWarp, largest, 2));
        const float old = -state.rMinusMaximum[r];
        float raised = fmaxf(old, largest * scaleLog2);
        if (raised == negativeInfinity()) raised = 0;                             // every score is −∞: probabilities become 0, not NaN
        state.rMinusMaximum[r] = -raised;
        if (First) continue;                                                      // nothing accumulated yet
        const float factor = powerOfTwo(old - raised);
        state.rSum[r] *= factor;
        #pragma unroll
        for (int n = 0; n < HEAD_DIM / 8; ++n) {
            state.rOutput[r / 2][n][r % 2 * 2] *= factor;
            state.rOutput[r / 2][n][r % 2 * 2 + 1] *= factor;
        }
    }
}

// Turns the scores into probabilities, 16 keys at a time, and adds their product with the values to the output.
__device__ __forceinline__ void accumulateValues(
        RowState& state, float (&rScores)[RowTiles][StepTiles][4], float scaleLog2, unsigned sValueRow) {
    #pragma unroll
    for (int slice = 0; slice < KEY_STEP / 16; ++slice) {
        unsigned rProbability[RowTiles][4];                                       // [RowTiles·16, 16 keys]
        #pragma unroll
        for (int m = 0; m < RowTiles; ++m)
            #pragma unroll
            for (int half = 0; half < 2; ++half) {
                const float (&rTile)[4] = rScores[m][2 * slice + half];
                const float p0 = powerOfTwo(fmaf(rTile[0], scaleLog2, state.rMinusMaximum[2 * m]));
                const float p1 = powerOfTwo(fmaf(rTile[1], scaleLog2, state.rMinusMaximum[2 * m]));
                const float p2 = powerOfTwo(fmaf(rTile[2], scaleLog2, state.rMinusMaximum[2 * m + 1]));
                const float p3 = powerOfTwo(fmaf(rTile[3], scaleLog2, state.rMinusMaximum[2 * m + 1]));
                state.rSum[2 * m] += p0 + p1;
                state.rSum[2 * m + 1] += p2 + p3;
                rProbability[m][2 * half] = packPair(p0, p1);
                rProbability[m][2 * half + 1] = packPair(p2, p3);
            }
        #pragma unroll
        for (int dim = 0; dim < DimSlices; ++dim) {
            unsigned rValue[4];                                                   // [16 keys, 16]
            loadMatricesTransposed(rValue, sliceAddress(sValueRow, dim) + slice * 16 * RowBytes);
            #pragma unroll
            for (int m = 0; m < RowTiles; ++m) {
                multiplyAdd(state.rOutput[m][2 * dim], rProbability[m], rValue[0], rValue[1]);
                multiplyAdd(state.rOutput[m][2 * dim + 1], rProbability[m], rValue[2], rValue[3]);
            }
        }
    }
}

// One whole tile. First: masks the keys from validKeys on. loadAhead runs between the first scores and their softmax.
template <bool First, class LoadAhead>
__device__ __forceinline__ void attendTile(
        RowState& state, const unsigned (&rQuery)[QUERY_SLICES + 1][RowTiles][4], const FragmentAddresses& addresses,
        int stage, float scaleLog2, int validKeys, LoadAhead loadAhead) {
    #pragma unroll 1                                                              // unrolled, two steps outgrow the registers
    for (int step = 0; step < KEY_TILE / KEY_STEP; ++step) {
        const unsigned sStep = stage * 2 * TileBytes + step * KEY_STEP * RowBytes;
        float rScores[RowTiles][StepTiles][4];                                    // [RowTiles·16, KEY_STEP]
        computeScores(rScores, rQuery, addresses.sQuery, addresses.sKey + sStep);
        if (step == 0) loadAhead();
        if (First) maskKeys(rScores, validKeys - step * KEY_STEP);
        if (First && step == 0) raiseMaxima<true>(state, rScores, scaleLog2);
        else raiseMaxima<false>(state, rScores, scaleLog2);
        accumulateValues(state, rScores, scaleLog2, addresses.sValue + sStep);
    }
}

// ---- epilogue ----

// Divides by the row sums, stages the warp's rows in shared memory (where its queries were) and stores them in whole chunks.
__device__ __forceinline__ void storeOutput(
        const AttentionArguments& arguments, RowState& state, unsigned char* sRows, int batch, int head, int firstRow) {
    const int lane = threadIdx.x % WarpThreads;
    #pragma unroll
    for (int r = 0; r < RowTiles * 2; ++r) {
        float sum = state.rSum[r];
        sum += __shfl_xor_sync(FullWarp, sum, 1);
        sum += __shfl_xor_sync(FullWarp, sum, 2);
        const float inverse = sum == 0 ? 0 : 1 / sum;
        const int row = r * 8 + lane / 4;
        #pragma unroll
        for (int n = 0; n < HEAD_DIM / 8; ++n) {
            const float (&rTile)[4] = state.rOutput[r / 2][n];
            const unsigned packed = packPair(rTile[r % 2 * 2] * inverse, rTile[r % 2 * 2 + 1] * inverse);
            *(unsigned*)(sRows + row * RowBytes + ((n ^ (row & 7)) * ChunkBytes) + lane % 4 * 4) = packed;
        }
        if (arguments.logSumExp && lane % 4 == 0 && firstRow + row < arguments.queryTokens) {
            const float logSumExp = sum == 0 ? negativeInfinity() : (logarithm2(sum) - state.rMinusMaximum[r]) * NaturalOfBinary;
            arguments.logSumExp[(long long)(batch * arguments.heads + head) * arguments.queryTokens + firstRow + row] = logSumExp;
        }
    }
    __syncwarp();
    char* gHead = (char*)arguments.output + (batch * arguments.outputStrides.batch + head * arguments.outputStrides.head) * 2;
    constexpr int rowsPerStore = WarpThreads / RowChunks;
    const int chunk = lane % RowChunks;
    #pragma unroll
    for (int j = 0; j < RowTiles * 16 / rowsPerStore; ++j) {
        const int row = j * rowsPerStore + lane / RowChunks;
        if (firstRow + row >= arguments.queryTokens) break;
        *(uint4*)(gHead + ((firstRow + row) * arguments.outputStrides.token + chunk * ChunkElements) * 2)
            = *(const uint4*)(sRows + row * RowBytes + ((chunk ^ (row & 7)) * ChunkBytes));
    }
}

// ---- entry ----

// The list of one query block, as tiles of KEY_TILE keys counted from the start of the list.
struct TileList {
    const int* gIndices;                                 // null: every block
    int tiles;

    // The key block of a tile; 0 for positions before the list, which are fetched ahead but never used.
    __device__ __forceinline__ int block(int position) const {
        if (position < 0) return 0;
        return gIndices ? gIndices[position / TilesPerBlock] : position / TilesPerBlock;
    }

    static __device__ __forceinline__ int start(int block, int position) {
        return block * BLOCK + position % TilesPerBlock * KEY_TILE;
    }
};

__device__ __forceinline__ TileList readList(const AttentionArguments& arguments, int batch, int head, int queryBlock) {
    const long long row = (long long)batch * arguments.listBatchStride + (long long)head * arguments.listHeadStride + queryBlock;
    const bool all = arguments.keyBlockCounts == nullptr;
    const int* gIndices = all ? nullptr : arguments.keyBlockIndices + row * arguments.keyBlocks;
    const int count = all ? arguments.keyBlocks : max(0, min(arguments.keyBlockCounts[row], arguments.keyBlocks));
    int tiles = count * TilesPerBlock;
    const int lastBlock = arguments.keyBlocks - 1;
    if (count > 0 && (all || gIndices[count - 1] == lastBlock)) {
        const int tail = arguments.keyTokens - lastBlock * BLOCK;                 // 1..BLOCK tokens; tiles without any are skipped
        tiles -= TilesPerBlock - (tail + KEY_TILE - 1) / KEY_TILE;
    }
    return { gIndices, tiles };
}

extern "C" __global__ void __launch_bounds__(Threads, BLOCKS_PER_SM)
xv_sm80_bsa_fwd(const __grid_constant__ AttentionArguments arguments) {
    extern __shared__ __align__(1024) unsigned char sMemory[];
    SharedPlan& plan = *(SharedPlan*)sMemory;
    const int lane = threadIdx.x % WarpThreads, warp = threadIdx.x / WarpThreads;
    const int batch = blockIdx.y / arguments.heads, head = blockIdx.y % arguments.heads;
    const int queryBlock = arguments.rowOrder
        ? arguments.rowOrder[(long long)blockIdx.y * arguments.queryBlocks + blockIdx.x] : (int)blockIdx.x;
    const TileList list = readList(arguments, batch, head, queryBlock);
    const int warpRow = warp * RowTiles * 16;

    RowState state;
    #pragma unroll
    for (int r = 0; r < RowTiles * 2; ++r) {
        state.rMinusMaximum[r] = -negativeInfinity();
        state.rSum[r] = 0;
        #pragma unroll
        for (int n = 0; n < HEAD_DIM / 8; ++n) state.rOutput[r / 2][n][r % 2 * 2] = state.rOutput[r / 2][n][r % 2 * 2 + 1] = 0;
    }

    if (list.tiles > 0) {
        const int row = threadIdx.x / RowChunks, chunk = threadIdx.x % RowChunks;
        const unsigned swizzled = row * RowBytes + ((chunk ^ (row & 7)) * ChunkBytes);
        const unsigned sQuery = sharedAddress(plan.query), sStages = sharedAddress(plan.stages);
        const TileSource source = {
            (const char*)arguments.key + (batch * arguments.keyStrides.batch + head * arguments.keyStrides.head + chunk * ChunkElements) * 2,
            (const char*)arguments.value + (batch * arguments.valueStrides.batch + head * arguments.valueStrides.head + chunk * ChunkElements) * 2,
            arguments.keyStrides.token * 2, arguments.valueStrides.token * 2, arguments.keyTokens, row, sStages + swizzled };
        const FragmentAddresses addresses = {
            sQuery + (warpRow + lane % 16) * RowBytes + ((lane / 16) ^ (lane & 7)) * ChunkBytes,
            sStages + (lane % 8 + lane / 16 * 8) * RowBytes + ((lane / 8 & 1) ^ (lane & 7)) * ChunkBytes,
            sStages + TileBytes + (lane % 16) * RowBytes + ((lane / 16) ^ (lane & 7)) * ChunkBytes };

        const unsigned sFilled = sharedAddress(plan.filled), sEmptied = sharedAddress(plan.emptied);
        if (threadIdx.x == 0)
            for (int s = 0; s < STAGES; ++s) {
                initBarrier(sFilled + s * 8, Threads);
                initBarrier(sEmptied + s * 8, WARPS);
            }
        __syncthreads();

        const int firstStart = TileList::start(list.block(list.tiles - 1), list.tiles - 1);
        loadQuery(arguments, (const char*)arguments.query + (batch * arguments.queryStrides.batch + head * arguments.queryStrides.head) * 2,
            queryBlock * BLOCK, row, chunk, sQuery + swizzled);
        loadTile<true>(source, firstStart, 0);
        arriveWhenCopied(sFilled);
        #pragma unroll
        for (int s = 1; s < STAGES - 1; ++s)
            if (s < list.tiles) {
                loadTile<false>(source, TileList::start(list.block(list.tiles - 1 - s), list.tiles - 1 - s), s);
                arriveWhenCopied(sFilled + s * 8);
            }

        // The tile at `position` is computed in `stage` while the one STAGES − 1 before it in the list is on its way. Warps are
        // not held in step: a warp may be a tile ahead of another before it has to wait for it.
        int position = list.tiles - 1, stage = 0, phase = 0;
        int nextBlock = list.block(position - (STAGES - 1));                      // read one tile early: its latency is hidden
        auto loadAhead = [&] {
            if (position < STAGES - 1) return;
            const int freeStage = stage == 0 ? STAGES - 1 : stage - 1;
            waitForBarrier(sEmptied + freeStage * 8, stage == 0 ? phase ^ 1 : phase);
            loadTile<false>(source, TileList::start(nextBlock, position - (STAGES - 1)), freeStage);
            arriveWhenCopied(sFilled + freeStage * 8);
            nextBlock = list.block(position - STAGES);
        };
        auto leaveTile = [&] {
            __syncwarp();
            if (lane == 0) arrive(sEmptied + stage * 8);
            --position;
            if (++stage == STAGES) { stage = 0; phase ^= 1; }
        };

        waitForBarrier(sFilled, 0);
        unsigned rQuery[QUERY_SLICES + 1][RowTiles][4] = {};
        #pragma unroll
        for (int slice = 0; slice < QUERY_SLICES; ++slice)
            #pragma unroll
            for (int m = 0; m < RowTiles; ++m)
                loadMatrices(rQuery[slice][m], sliceAddress(addresses.sQuery, slice) + m * 16 * RowBytes);
        attendTile<true>(state, rQuery, addresses, 0, arguments.scaleLog2, arguments.keyTokens - firstStart, loadAhead);
        for (leaveTile(); position >= 0; leaveTile()) {
            waitForBarrier(sFilled + stage * 8, phase);
            attendTile<false>(state, rQuery, addresses, stage, arguments.scaleLog2, KEY_TILE, loadAhead);
        }
    }
    __syncwarp();
    storeOutput(arguments, state, plan.query + warpRow * RowBytes, batch, head, queryBlock * BLOCK + warpRow);
}
