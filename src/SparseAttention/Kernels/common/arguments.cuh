// What the host passes to the attention and scoring kernels. Kernels/KernelArguments.cs mirrors these structs field by field.
#pragma once

struct TensorStrides {          // in elements; the head dimension is contiguous
    long long batch, head, token;
};

struct AttentionArguments {
    const void* query;              // [B, N, Sq, D]
    const void* key;                // [B, N, Sk, D]
    const void* value;              // [B, N, Sk, D]
    void* output;                   // [B, N, Sq, D]
    float* logSumExp;               // [B, N, Sq], natural logarithm; may be null
    const int* keyBlockCounts;      // [B, N, Mq]; null: every query block sees every key block
    const int* keyBlockIndices;     // [B, N, Mq, Mk], ascending, the first count of each row are read; null with the counts
    const int* rowOrder;            // [B·N, Mq]: query blocks of each head, longest list first; null: in their order
    int* nextTile;                  // one counter, 0 at launch, for kernels that hand out tiles themselves
    TensorStrides queryStrides, keyStrides, valueStrides, outputStrides;
    int batch, heads, queryTokens, keyTokens, queryBlocks, keyBlocks;
    int listBatchStride, listHeadStride;   // rows of the lists from one batch item or head to the next; 0 broadcasts
    float scaleLog2;                // scale · log2(e)
    int reserved;
};

struct ScoreArguments {
    const void* query;              // [B, N, Sq, D]; Sq a multiple of the stride (the host pads with zeros)
    const void* key;                // [B, N, Sk, D]; likewise
    float* blockSums;               // [headCount, rows, Mk]: sums of 2^(score − maximum of its tile)
    float* tileMaxima;              // [headCount, rows, tiles]: largest score of each 128 strided keys, in log2 units; −inf: no valid key
    TensorStrides queryStrides, keyStrides;
    int heads;                      // N
    int firstHead, headCount;       // flattened b·N + n: this launch scores these heads
    int rows, columns;              // ceil(Sq / stride), ceil(Sk / stride): strided queries and keys, padding groups excluded
    int keyBlocks, tiles;           // Mk, ceil(columns / 128)
    float scaleLog2;                // log2(e) / (sqrt(D) · stride)
    int reserved;
};
