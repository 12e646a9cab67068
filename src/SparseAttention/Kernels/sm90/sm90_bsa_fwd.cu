// Block-sparse attention forward for compute capability 9.0: softmax(scale · q·kᵀ)·v, where each block of queries sees only its listed key blocks.
//
// Tensors (arguments.cuh has strides and nulls)
//   query  [B, N, Sq, D]  bf16 or fp16, through the tensor map queryMap (D, Sq, N, B), boxes of 64 × BLOCK
//   key    [B, N, Sk, D]  the same, keyMap, boxes of 64 × BLOCK
//   value  [B, N, Sk, D]  the same, valueMap, boxes of 64 × BLOCK
//   output [B, N, Sq, D]  the same type
//   logSumExp [B, N, Sq]  float32, natural logarithm; null if not wanted
//   keyBlockCounts [B, N, Mq], keyBlockIndices [B, N, Mq, Mk] int32, ascending; null means all blocks
// Tile: BLOCK queries × BLOCK keys, BLOCK / 64 consumer warpgroups of 64 queries each.
// Warp roles: warpgroup 0 is the producer: one thread takes tiles and issues bulk tensor copies. The others multiply: the scores of the next key
//   block are issued before the values of the present one, so the softmax of one runs beside the product of the other; with two consumers
//   named barriers also make them take turns at the tensor cores.
// Shared memory: struct SharedPlan; BLOCK·D·2 bytes of queries, Stages·BLOCK·D·2 bytes of keys and as many of values, with 128-byte swizzle.
// Numerics: products accumulate in float32; softmax in base 2 in float32 with the scale folded in; probabilities are rounded to the element type
//   before the second product; the running maximum moves only when it grows by more than 2^Slack, so probabilities reach 2^Slack, and the sum is
//   of unrounded probabilities. Order of accumulation is fixed: results repeat bitwise.
// Lists are walked from their end, so that the last block of the sequence, the only one that may be partial, comes first, and the main loop has no
//   masks. A row without keys: zeros and −∞.
// Limits: D 64 or 128; BLOCK 64 or 128; 16-byte aligned rows. Indices outside 0…Mk−1 read zeros as keys (the host checks lists).
// Source: online softmax after Dao et al. 2022 (arXiv 2205.14135); overlap after Shah et al. 2024 (arXiv 2407.08608).
// To add a mask inside blocks, edit maskTail.

#include "arguments.cuh"
#include "sm90_instructions.cuh"

// Injected by the host
#ifndef HEAD_DIM
#error "HEAD_DIM must be injected: 64 or 128."
#endif
#ifndef BLOCK
#error "BLOCK must be injected: 64 or 128."
#endif
#ifndef ELEMENT
#error "ELEMENT must be injected: 0 for bfloat16, 1 for float16."
#endif

static_assert(HEAD_DIM == 64 || HEAD_DIM == 128, "HEAD_DIM must be 64 or 128: rows are cut into 128-byte spans, and an output row stays in registers.");
static_assert(BLOCK == 64 || BLOCK == 128, "BLOCK must be 64 or 128: a consumer warpgroup takes 64 queries, and scores of a block stay in registers.");

constexpr int Consumers = BLOCK / 64;
constexpr int Threads = 128 * (1 + Consumers);
constexpr int BlocksPerProcessor = BLOCK == 128 ? 1 : 2;
constexpr int Stages = BLOCK == 128 ? 2 : 3;               // of keys and of values; 3 were slower with BLOCK 128
constexpr int Spans = HEAD_DIM / 64;                        // 128-byte spans of a row
constexpr int SpanElements = BLOCK * 64;
constexpr int TileElements = BLOCK * HEAD_DIM;
constexpr int TileBytes = TileElements * 2;
constexpr int ConsumerRegisters = BLOCK == 128 ? 232 : 208;
constexpr int ProducerRegisters = 40;
constexpr int Scores = BLOCK / 2, Outputs = HEAD_DIM / 2;   // float32 accumulators a thread
constexpr float Slack = 8;                                  // log2 units
constexpr float Log2 = 0.6931471805599453f;

// What a tile is, found once by the producer.
struct Tile {
    int batch, head, queryBlock;
    int count;                                              // listed key blocks; −1: no more tiles
    bool startsPartial;                                     // the first block of the walk is the last of the sequence, and not full
};

struct alignas(1024) SharedPlan {
    unsigned short query[TileElements];                     // [span][query][64]
    unsigned short key[Stages][TileElements];               // [span][key][64]
    unsigned short value[Stages][TileElements];
    uint64 queryFull, queryEmpty;
    uint64 keyFull[Stages], keyEmpty[Stages], valueFull[Stages], valueEmpty[Stages];
    Tile tile;
};

enum NamedBarrier { Turn = 1 };                             // + consumer: its turn at the tensor cores

// ---- producer ------------------------------------------------------------------------------------------------------------------------

__device__ __forceinline__ void load(unsigned short* sTile, const TensorMap& map, uint64* sFull, int token, const Tile& tile) {
    barrierArriveExpect(sFull, TileBytes);
#pragma unroll
    for (int span = 0; span < Spans; span++) copyTile4d(sTile + span * SpanElements, map, sFull, span * 64, token, tile.head, tile.batch);
}

// The list of a tile, walked from its end. Null indices: all blocks.
struct Walk {
    const int* indices;
    int left;
    __device__ __forceinline__ int next() { left--; return indices ? indices[left] : left; }
};

__device__ __forceinline__ Walk findTile(const AttentionArguments& arguments, int number, Tile& tile) {
    const int flatHead = number / arguments.queryBlocks;
    tile.queryBlock = arguments.rowOrder ? arguments.rowOrder[number] : number - flatHead * arguments.queryBlocks;
    tile.batch = flatHead / arguments.heads;
    tile.head = flatHead - tile.batch * arguments.heads;
    tile.count = arguments.keyBlocks;
    if (!arguments.keyBlockCounts) return {nullptr, tile.count};
    const long long row = static_cast<long long>(tile.batch) * arguments.listBatchStride + static_cast<long long>(tile.head) * arguments.listHeadStride + tile.queryBlock;
    tile.count = min(max(arguments.keyBlockCounts[row], 0), arguments.keyBlocks);
    return {arguments.keyBlockIndices + row * arguments.keyBlocks, tile.count};
}

__device__ __forceinline__ void produce(SharedPlan& s, const AttentionArguments& arguments, const TensorMap& queryMap, const TensorMap& keyMap, const TensorMap& valueMap) {
    const int tiles = arguments.batch * arguments.heads * arguments.queryBlocks;
    RingPlace<Stages> place;
    uint32 queryPhase = 1;                                  // the buffer starts empty
#pragma unroll 1
    for (int round = 0;; round++) {
        const int number = arguments.nextTile ? atomicAdd(arguments.nextTile, 1) : blockIdx.x + round * gridDim.x;
        Tile tile = {};
        tile.count = -1;
        Walk walk = {};
        if (number < tiles) walk = findTile(arguments, number, tile);
        int block = tile.count > 0 ? walk.next() : -1;
        tile.startsPartial = arguments.keyTokens % BLOCK != 0 && block == arguments.keyBlocks - 1;

        barrierWait(&s.queryEmpty, queryPhase);
        queryPhase ^= 1;
        s.tile = tile;
        if (tile.count > 0) load(s.query, queryMap, &s.queryFull, tile.queryBlock * BLOCK, tile);
        else barrierArrive(&s.queryFull);
        if (tile.count < 0) return;
#pragma unroll 1
        for (int left = tile.count; left > 0; left--) {
            const int next = left > 1 ? walk.next() : 0;
            barrierWait(&s.keyEmpty[place.stage], place.phase ^ 1);
            load(s.key[place.stage], keyMap, &s.keyFull[place.stage], block * BLOCK, tile);
            barrierWait(&s.valueEmpty[place.stage], place.phase ^ 1);
            load(s.value[place.stage], valueMap, &s.valueFull[place.stage], block * BLOCK, tile);
            place.advance();
            block = next;
        }
    }
}

// ---- consumers ---------------------------------------------------------------------------------------------------------------------------

// scores [64 × BLOCK] = queries of this warpgroup · keysᵀ
__device__ __forceinline__ void issueScores(float (&scores)[Scores], uint32 query, uint32 key) {
#pragma unroll
    for (int k = 0; k < HEAD_DIM / 16; k++) {
        const uint32 span = k / 4, inside = k % 4 * 32;
        Wgmma<BLOCK>::ss(scores, operand(query + span * (SpanElements * 2) + inside), operand(key + span * (SpanElements * 2) + inside), k != 0);
    }
}

// output [64 × D] += probabilities [64 × BLOCK] · values [BLOCK × D]
__device__ __forceinline__ void issueOutput(float (&output)[Outputs], const uint32 (&probabilities)[Scores / 2], uint32 value) {
#pragma unroll
    for (int k = 0; k < BLOCK / 16; k++)
        Wgmma<HEAD_DIM>::rs(output, probabilities + 4 * k, operand(value + k * 16 * 128, SpanElements * 2), 1);
}

// Keys past the end of the sequence, in its last block.
__device__ __forceinline__ void maskTail(float (&scores)[Scores], int validKeys) {
    const int firstColumn = 2 * (threadIdx.x % 4);
#pragma unroll
    for (int i = 0; i < Scores; i++)
        if (i / 4 * 8 + firstColumn + i % 2 >= validKeys) scores[i] = negativeInfinity();
}

// The softmax of two rows, of which four neighbouring threads hold a quarter each.
struct RunningSoftmax {
    float maximum[2], sum[2];                               // maximum in units of scores; the sum is this thread's part

    // Scores to probabilities relative to the running maximum. Returns whether some row of this warp moved its maximum: then `correction` is what
    // its output and sum so far must be multiplied by (the sum is already).
    __device__ __forceinline__ bool step(float (&scores)[Scores], float scaleLog2, bool isFirst, float (&correction)[2]) {
        float before[2] = {maximum[0], maximum[1]};
        bool moved = false;
#pragma unroll
        for (int row = 0; row < 2; row++) {
            float largest = fmaxf(scores[2 * row], scores[2 * row + 1]);
#pragma unroll
            for (int i = 4; i < Scores; i += 4) largest = fmaxf(largest, fmaxf(scores[i + 2 * row], scores[i + 2 * row + 1]));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffff, largest, 1));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffff, largest, 2));
            const bool moves = isFirst || (largest - before[row]) * scaleLog2 > Slack;
            moved |= moves;
            maximum[row] = moves ? largest : before[row];
        }
        moved = !isFirst && __any_sync(0xffffffff, moved);
        if (moved) {
#pragma unroll
            for (int row = 0; row < 2; row++) {
                correction[row] = exp2Fast((before[row] - maximum[row]) * scaleLog2);
                sum[row] *= correction[row];
            }
        }
        if (isFirst) sum[0] = sum[1] = 0;
#pragma unroll
        for (int row = 0; row < 2; row++) {
            const float shift = maximum[row] * scaleLog2;
            float even = 0, odd = 0;
#pragma unroll
            for (int i = 0; i < Scores; i += 4) {
                float& first = scores[i + 2 * row];
                float& second = scores[i + 2 * row + 1];
                first = exp2Fast(fmaf(first, scaleLog2, -shift));
                second = exp2Fast(fmaf(second, scaleLog2, -shift));
                even += first;
                odd += second;
            }
            sum[row] += even + odd;
        }
        return moved;
    }

    __device__ __forceinline__ float total(int row) const {
        float all = sum[row] + __shfl_xor_sync(0xffffffff, sum[row], 1);
        return all + __shfl_xor_sync(0xffffffff, all, 2);
    }
};

__device__ __forceinline__ void packProbabilities(const float (&scores)[Scores], uint32 (&probabilities)[Scores / 2]) {
#pragma unroll
    for (int i = 0; i < Scores / 2; i++) probabilities[i] = packElements(scores[2 * i], scores[2 * i + 1]);
}

// Four neighbouring threads swap 4-byte pieces, so that each holds 16 bytes in a row: thread t gets what all four hold of piece group t.
__device__ __forceinline__ void transposeQuad(uint32 (&r)[4]) {
    const int lane = threadIdx.x % 4;
    const bool high = lane & 2, odd = lane & 1;
    uint32 a = __shfl_xor_sync(0xffffffff, high ? r[0] : r[2], 2);
    uint32 b = __shfl_xor_sync(0xffffffff, high ? r[1] : r[3], 2);
    if (high) { r[0] = a; r[1] = b; } else { r[2] = a; r[3] = b; }
    a = __shfl_xor_sync(0xffffffff, odd ? r[0] : r[1], 1);
    b = __shfl_xor_sync(0xffffffff, odd ? r[2] : r[3], 1);
    if (odd) { r[0] = a; r[2] = b; } else { r[1] = a; r[3] = b; }
}

__device__ __forceinline__ void store(const AttentionArguments& arguments, const Tile& tile, int firstQuery, float (&output)[Outputs], const float (&factor)[2]) {
    const int lane = threadIdx.x % 32;
    unsigned short* gHead = static_cast<unsigned short*>(arguments.output) + tile.batch * arguments.outputStrides.batch + tile.head * arguments.outputStrides.head;
#pragma unroll
    for (int row = 0; row < 2; row++) {
        const int query = firstQuery + lane / 4 + 8 * row;
        unsigned short* gRow = gHead + query * arguments.outputStrides.token + 8 * (lane % 4);
#pragma unroll
        for (int group = 0; group < HEAD_DIM / 32; group++) {   // 32 columns
            uint32 pieces[4];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const float* pair = output + 16 * group + 4 * i + 2 * row;
                pieces[i] = packElements(pair[0] * factor[row], pair[1] * factor[row]);
            }
            transposeQuad(pieces);
            if (query < arguments.queryTokens) *reinterpret_cast<uint4*>(gRow + 32 * group) = make_uint4(pieces[0], pieces[1], pieces[2], pieces[3]);
        }
    }
}

__device__ __forceinline__ void finish(const AttentionArguments& arguments, const Tile& tile, int firstQuery, float (&output)[Outputs], const RunningSoftmax& softmax) {
    const int lane = threadIdx.x % 32;
    float factor[2];
#pragma unroll
    for (int row = 0; row < 2; row++) {
        const float total = tile.count > 0 ? softmax.total(row) : 0;
        factor[row] = tile.count > 0 ? 1 / total : 0;
        const int query = firstQuery + lane / 4 + 8 * row;
        if (arguments.logSumExp && lane % 4 == 0 && query < arguments.queryTokens) {
            const long long flatHead = static_cast<long long>(tile.batch) * arguments.heads + tile.head;
            arguments.logSumExp[flatHead * arguments.queryTokens + query] =
                tile.count > 0 ? fmaf(softmax.maximum[row], arguments.scaleLog2, log2f(total)) * Log2 : negativeInfinity();
        }
    }
    store(arguments, tile, firstQuery, output, factor);
}

__device__ __forceinline__ void consume(SharedPlan& s, const AttentionArguments& arguments, int consumer) {
    const int warp = threadIdx.x / 32 % 4;
    const bool isSpeaker = threadIdx.x % 32 == 0;           // one arrival a warp: its own products have finished reading
    const uint32 query = sharedAddress(s.query) + consumer * (64 * 128);
    RingPlace<Stages> keyPlace, valuePlace;
    uint32 queryPhase = 0;
    if (Consumers == 2 && consumer == 1) namedBarrierArrive(Turn + 0, 256);

    for (;;) {
        barrierWait(&s.queryFull, queryPhase);
        queryPhase ^= 1;
        const Tile tile = s.tile;
        if (tile.count < 0) return;
        const int firstQuery = tile.queryBlock * BLOCK + consumer * 64 + warp * 16;

        float output[Outputs];
#pragma unroll
        for (int i = 0; i < Outputs; i++) output[i] = 0;
        RunningSoftmax softmax;
        if (tile.count == 0) {
            __syncwarp();
            if (isSpeaker) barrierArrive(&s.queryEmpty);
            finish(arguments, tile, firstQuery, output, softmax);
            continue;
        }

        float scores[Scores], correction[2];
        uint32 probabilities[Scores / 2];

        // 1. First block of the walk: the only one that may be partial
        barrierWait(&s.keyFull[keyPlace.stage], keyPlace.phase);
        if (Consumers == 2) namedBarrierSync(Turn + consumer, 256);
        wgmmaSettle(scores);
        wgmmaBegin();
        issueScores(scores, query, sharedAddress(s.key[keyPlace.stage]));
        wgmmaCommit();
        if (Consumers == 2) namedBarrierArrive(Turn + (1 - consumer), 256);
        wgmmaWait<0>();
        wgmmaSettle(scores);
        if (isSpeaker) barrierArrive(&s.keyEmpty[keyPlace.stage]);
        keyPlace.advance();
        if (tile.startsPartial) maskTail(scores, arguments.keyTokens % BLOCK);
        softmax.step(scores, arguments.scaleLog2, true, correction);
        packProbabilities(scores, probabilities);

        // 2. Scores of each further block beside the values of the one before
#pragma unroll 1
        for (int i = 1; i < tile.count; i++) {
            barrierWait(&s.keyFull[keyPlace.stage], keyPlace.phase);
            if (Consumers == 2) namedBarrierSync(Turn + consumer, 256);
            wgmmaSettle(scores);
            wgmmaSettle(output);
            wgmmaBegin();
            issueScores(scores, query, sharedAddress(s.key[keyPlace.stage]));
            wgmmaCommit();
            barrierWait(&s.valueFull[valuePlace.stage], valuePlace.phase);
            wgmmaBegin();
            issueOutput(output, probabilities, sharedAddress(s.value[valuePlace.stage]));
            wgmmaCommit();
            if (Consumers == 2) namedBarrierArrive(Turn + (1 - consumer), 256);
            wgmmaWait<1>();
            wgmmaSettle(scores);
            if (isSpeaker) barrierArrive(&s.keyEmpty[keyPlace.stage]);
            keyPlace.advance();
            const bool moved = softmax.step(scores, arguments.scaleLog2, false, correction);
            wgmmaWait<0>();
            wgmmaSettle(output);
            if (isSpeaker) barrierArrive(&s.valueEmpty[valuePlace.stage]);
            valuePlace.advance();
            if (moved) {
#pragma unroll
                for (int j = 0; j < Outputs; j++) output[j] *= correction[j / 2 % 2];
            }
            packProbabilities(scores, probabilities);
        }
        __syncwarp();                                       // every lane has read the tile
        if (isSpeaker) barrierArrive(&s.queryEmpty);

        // 3. Values of the last block
        barrierWait(&s.valueFull[valuePlace.stage], valuePlace.phase);
        wgmmaSettle(output);
        wgmmaBegin();
        issueOutput(output, probabilities, sharedAddress(s.value[valuePlace.stage]));
        wgmmaCommit();
        wgmmaWait<0>();
        wgmmaSettle(output);
        if (isSpeaker) barrierArrive(&s.valueEmpty[valuePlace.stage]);
        valuePlace.advance();
        finish(arguments, tile, firstQuery, output, softmax);
    }
}

extern "C" __global__ void __launch_bounds__(Threads, BlocksPerProcessor) xv_sm90_bsa_fwd(
    const __grid_constant__ AttentionArguments arguments, const __grid_constant__ TensorMap queryMap, const __grid_constant__ TensorMap keyMap,
    const __grid_constant__ TensorMap valueMap) {
    extern __shared__ __align__(1024) unsigned char sRaw[];
    SharedPlan& s = *reinterpret_cast<SharedPlan*>(sRaw);
    const int warpgroup = threadIdx.x / 128;
    if (threadIdx.x == 0) {
        prefetchMap(queryMap);
        prefetchMap(keyMap);
        prefetchMap(valueMap);
        barrierInit(&s.queryFull, 1);
        barrierInit(&s.queryEmpty, 4 * Consumers);
        for (int stage = 0; stage < Stages; stage++) {
            barrierInit(&s.keyFull[stage], 1);
            barrierInit(&s.keyEmpty[stage], 4 * Consumers);
            barrierInit(&s.valueFull[stage], 1);
            barrierInit(&s.valueEmpty[stage], 4 * Consumers);
        }
        barrierInitFence();
    }
    __syncthreads();
    if (warpgroup == 0) {
        giveRegisters<ProducerRegisters>();
        if (threadIdx.x == 0) produce(s, arguments, queryMap, keyMap, valueMap);
    } else {
        takeRegisters<ConsumerRegisters>();
        consume(s, arguments, warpgroup - 1);
    }
}
