// XAttention's antidiagonal scores for compute capability 9.0: for every strided query and key block, the sum of softmax numerators.
//
// What: S = STRIDE neighbouring tokens are one row of S·D numbers, in reversed order on the query side, so that a product of rows is the sum of an
//   antidiagonal of the S × S scores: A[m, n] = Σ_i q[m·S + S−1−i] · k[n·S + i]. Out come, per strided query m, the maximum of A over each 128
//   strided keys and the sums of 2^(A − that maximum) over each key block; A itself stays in registers. The select kernel joins the maxima.
// Tensors (arguments.cuh): query, key [B, N, tokens, D] bf16 or fp16 through tensor maps (D, S, rows, N, B) with boxes of 64 × 1 × 128 and
//   64 × 1 × 256; blockSums [headCount, rows, Mk] float32; tileMaxima [headCount, rows, tiles] float32, log2 units.
// Tile: 128 strided queries × 256 strided keys, reduction in steps of 64 numbers; 2 consumer warpgroups of 64 × 256.
// Warp roles: warpgroup 0 copies (one thread), the others multiply. Persistent: the producer runs ahead through the epilogue.
// Shared memory: struct SharedPlan; per stage 128·64·2 bytes of queries and 256·64·2 bytes of keys with 128-byte swizzle.
// Numerics: products and sums accumulate in float32 in a fixed order; a maximum per row and tile makes any finite score safe.
// Columns past the last strided key count as −∞; rows past the last strided query are not written.
// Limits: D 64 or 128; STRIDE 4, 8 or 16; BLOCK 64 or 128 with at least 4 strided keys.
// Source: Xu et al. 2025 (arXiv 2503.16428), section 2.

#include "arguments.cuh"
#include "sm90_instructions.cuh"

// Injected by the host
#ifndef HEAD_DIM
#error "HEAD_DIM must be injected: 64 or 128."
#endif
#ifndef BLOCK
#error "BLOCK must be injected: 64 or 128."
#endif
#ifndef STRIDE
#error "STRIDE must be injected: 4, 8 or 16."
#endif
#ifndef ELEMENT
#error "ELEMENT must be injected: 0 for bfloat16, 1 for float16."
#endif

static_assert(HEAD_DIM == 64 || HEAD_DIM == 128, "HEAD_DIM must be 64 or 128: rows are cut into 128-byte spans.");
static_assert(BLOCK % STRIDE == 0 && BLOCK / STRIDE >= 4 && BLOCK / STRIDE <= 32, "A key block must have 4 to 32 strided keys.");

constexpr int Rows = 128, Columns = 256, Depth = 64, Stages = 4;
constexpr int Consumers = 2, Threads = 128 * (1 + Consumers);
constexpr int Spans = HEAD_DIM / Depth;
constexpr int Steps = STRIDE * Spans;                       // of the reduction
constexpr int StageBytes = (Rows + Columns) * Depth * 2;
constexpr int MaximumTile = 128;                            // strided keys that share a maximum
constexpr int BlockColumns = BLOCK / STRIDE;
constexpr int TileBlocks = MaximumTile / BlockColumns;      // key blocks of a maximum tile
constexpr int ColumnGroup = 8;                              // column tiles that neighbouring thread blocks share, to find them in L2

struct alignas(1024) SharedPlan {
    unsigned short query[Stages][Rows * Depth];
    unsigned short key[Stages][Columns * Depth];
    uint64 full[Stages], empty[Stages];
};

struct Tile { int head, row, column; };                     // head of the launch; first strided query and key

__device__ __forceinline__ Tile findTile(const ScoreArguments& arguments, int number) {
    const int rowTiles = (arguments.rows + Rows - 1) / Rows, columnTiles = (arguments.columns + Columns - 1) / Columns;
    const int head = number / (rowTiles * columnTiles);
    int rest = number - head * (rowTiles * columnTiles);
    const int group = rest / (ColumnGroup * rowTiles);
    rest -= group * (ColumnGroup * rowTiles);
    const int width = min(ColumnGroup, columnTiles - group * ColumnGroup);
    return {head, rest / width * Rows, (group * ColumnGroup + rest % width) * Columns};
}

__device__ __forceinline__ int tileCount(const ScoreArguments& arguments) {
    return arguments.headCount * ((arguments.rows + Rows - 1) / Rows) * ((arguments.columns + Columns - 1) / Columns);
}

// ---- producer ------------------------------------------------------------------------------------------------------------------------

__device__ __forceinline__ void produce(SharedPlan& s, const ScoreArguments& arguments, const TensorMap& queryMap, const TensorMap& keyMap) {
    const int tiles = tileCount(arguments);
    RingPlace<Stages> place;
    for (int number = blockIdx.x; number < tiles; number += gridDim.x) {
        const Tile tile = findTile(arguments, number);
        const int batch = (arguments.firstHead + tile.head) / arguments.heads, head = (arguments.firstHead + tile.head) % arguments.heads;
#pragma unroll 1
        for (int step = 0; step < Steps; step++) {
            const int token = step / Spans, span = step % Spans * Depth;
            barrierWait(&s.empty[place.stage], place.phase ^ 1);
            barrierArriveExpect(&s.full[place.stage], StageBytes);
            copyTile5d(s.query[place.stage], queryMap, &s.full[place.stage], span, STRIDE - 1 - token, tile.row, head, batch);
            copyTile5d(s.key[place.stage], keyMap, &s.full[place.stage], span, token, tile.column, head, batch);
            place.advance();
        }
    }
}

// ---- consumers ---------------------------------------------------------------------------------------------------------------------------

// Sums over the four threads of a row, of four numbers at once: thread t of the four gets the sum of number t.
__device__ __forceinline__ float scatterSum(float v0, float v1, float v2, float v3) {
    const int lane = threadIdx.x % 4;
    const bool high = lane & 2, odd = lane & 1;
    const float first = (high ? v2 : v0) + __shfl_xor_sync(0xffffffff, high ? v0 : v2, 2);
    const float second = (high ? v3 : v1) + __shfl_xor_sync(0xffffffff, high ? v1 : v3, 2);
    return (odd ? second : first) + __shfl_xor_sync(0xffffffff, odd ? first : second, 1);
}

// One row of one maximum tile: 32 scores in this thread, of 8 columns each the two at 2·(lane % 4).
__device__ __forceinline__ void reduceRow(const float (&scores)[128], int first, float scaleLog2, float* gSums, int sumsLeft, float* gMaximum, bool isValid) {
    float largest = fmaxf(scores[first], scores[first + 1]);
#pragma unroll
    for (int i = 4; i < 64; i += 4) largest = fmaxf(largest, fmaxf(scores[first + i], scores[first + i + 1]));
    largest = fmaxf(largest, __shfl_xor_sync(0xffffffff, largest, 1));
    largest = fmaxf(largest, __shfl_xor_sync(0xffffffff, largest, 2)) * scaleLog2;
    const int lane = threadIdx.x % 4;
    if (lane == 0 && isValid) *gMaximum = largest;
    const float shift = largest == negativeInfinity() ? 0 : largest;

    float sums[16];                                         // per 8 columns, of this thread
#pragma unroll
    for (int i = 0; i < 16; i++)
        sums[i] = exp2Fast(fmaf(scores[first + 4 * i], scaleLog2, -shift)) + exp2Fast(fmaf(scores[first + 4 * i + 1], scaleLog2, -shift));

    if constexpr (BlockColumns >= 8) {
        constexpr int merged = BlockColumns / 8;
        float blocks[TileBlocks];
#pragma unroll
        for (int block = 0; block < TileBlocks; block++) {
            blocks[block] = sums[block * merged];
#pragma unroll
            for (int i = 1; i < merged; i++) blocks[block] += sums[block * merged + i];
        }
#pragma unroll
        for (int block = 0; block < TileBlocks; block += 4) {
            const float sum = scatterSum(blocks[block], blocks[block + 1], blocks[block + 2], blocks[block + 3]);
            if (isValid && block + lane < sumsLeft) gSums[block + lane] = sum;
        }
    } else {
        // 4 columns a block: two threads share one, and the other two the next
        const int high = lane >> 1, odd = lane & 1;
#pragma unroll
        for (int i = 0; i < 16; i += 2) {
            const float sum = (odd ? sums[i + 1] : sums[i]) + __shfl_xor_sync(0xffffffff, odd ? sums[i] : sums[i + 1], 1);
            const int block = 2 * (i + odd) + high;
            if (isValid && block < sumsLeft) gSums[block] = sum;
        }
    }
}

__device__ __forceinline__ void consume(SharedPlan& s, const ScoreArguments& arguments, int consumer) {
    const int warp = threadIdx.x / 32 % 4, lane = threadIdx.x % 32;
    const bool isSpeaker = lane == 0;
    const int tiles = tileCount(arguments);
    RingPlace<Stages> place, done;
    for (int number = blockIdx.x; number < tiles; number += gridDim.x) {
        const Tile tile = findTile(arguments, number);
        float scores[128];
#pragma unroll
        for (int i = 0; i < 128; i++) scores[i] = 0;

        // 1. Antidiagonal sums
#pragma unroll 1
        for (int step = 0; step < Steps; step++) {
            barrierWait(&s.full[place.stage], place.phase);
            const uint32 query = sharedAddress(s.query[place.stage]) + consumer * (64 * Depth * 2), key = sharedAddress(s.key[place.stage]);
            wgmmaSettle(scores);
            wgmmaBegin();
#pragma unroll
            for (int k = 0; k < Depth / 16; k++) Wgmma<256>::ss(scores, operand(query + 32 * k), operand(key + 32 * k), 1);
            wgmmaCommit();
            place.advance();
            if (step > 0) {
                wgmmaWait<1>();
                if (isSpeaker) barrierArrive(&s.empty[done.stage]);
                done.advance();
            }
        }
        wgmmaWait<0>();
        wgmmaSettle(scores);
        if (isSpeaker) barrierArrive(&s.empty[done.stage]);
        done.advance();

        // 2. Columns past the last strided key
        const int columnsLeft = arguments.columns - tile.column;
        if (columnsLeft < Columns) {
#pragma unroll
            for (int i = 0; i < 128; i++)
                if (i / 4 * 8 + 2 * (lane % 4) + i % 2 >= columnsLeft) scores[i] = negativeInfinity();
        }

        // 3. Numerators per key block
#pragma unroll
        for (int row = 0; row < 2; row++) {
            const int m = tile.row + consumer * 64 + warp * 16 + lane / 4 + 8 * row;
            const long long flatRow = static_cast<long long>(tile.head) * arguments.rows + m;
#pragma unroll
            for (int half = 0; half < 2; half++) {
                const int maximumTile = tile.column / MaximumTile + half, block = maximumTile * TileBlocks;
                reduceRow(scores, 64 * half + 2 * row, arguments.scaleLog2, arguments.blockSums + flatRow * arguments.keyBlocks + block,
                    arguments.keyBlocks - block, arguments.tileMaxima + flatRow * arguments.tiles + maximumTile,
                    m < arguments.rows && maximumTile < arguments.tiles);
            }
        }
    }
}

extern "C" __global__ void __launch_bounds__(Threads, 1) xv_sm90_xattention_score(
    const __grid_constant__ ScoreArguments arguments, const __grid_constant__ TensorMap queryMap, const __grid_constant__ TensorMap keyMap) {
    extern __shared__ __align__(1024) unsigned char sRaw[];
    SharedPlan& s = *reinterpret_cast<SharedPlan*>(sRaw);
    const int warpgroup = threadIdx.x / 128;
    if (threadIdx.x == 0) {
        prefetchMap(queryMap);
        prefetchMap(keyMap);
        for (int stage = 0; stage < Stages; stage++) {
            barrierInit(&s.full[stage], 1);
            barrierInit(&s.empty[stage], 4 * Consumers);
        }
        barrierInitFence();
    }
    __syncthreads();
    if (warpgroup == 0) {
        giveRegisters<40>();
        if (threadIdx.x == 0) produce(s, arguments, queryMap, keyMap);
    } else {
        takeRegisters<232>();
        consume(s, arguments, warpgroup - 1);
    }
}
