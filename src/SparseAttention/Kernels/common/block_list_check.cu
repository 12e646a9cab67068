// block_list_check: looks for the first entry of a block list that breaks its rules (counts in 0 … Mk, indices in 0 … Mk − 1, ascending, none
// twice). First means: the lowest list row, in it the count before the indices, among those the lowest position. Always the same answer.
// One warp reads one row. Warps send what they find to an atomic minimum; the last thread block to finish says what is wrong there.
//
//   tensor   type   shape             notes
//   counts   int32  [lists]           lists = batch · heads · Mq of the list tensors
//   indices  int32  [lists, Mk]       the first count of each row are read
//   result   int64  [6]               the host fills it with −1 (bytes 0xFF) before the launch. After it: kind, list, position, value, and two
//                                     numbers of the kernel's own. kind −1: all is well; 0: a count out of range (position −1); 1: an index out of
//                                     range; 2: an index that is not above the one before it.
//
// Launch: grid (lists / 8, rounded up), block 256. Limits: lists · (Mk + 1) < 2^63. Compute capability 8.0.

struct ListCheckArguments {
    const int* counts;
    const int* indices;
    long long* result;
    long long lists;
    int keyBlocks;                  // Mk
    int reserved;
};

constexpr int Warps = 8;
constexpr unsigned FullWarp = 0xffffffffu;
constexpr unsigned long long Nothing = ~0ull;

enum ResultField { Kind, List, Position, Value, Code, Finished };
enum ErrorKind { CountRange, IndexRange, IndexOrder };

// Lowest wrong place of a row: 0 for its count, position + 1 for an index, −1 for none. The same in all lanes.
__device__ __forceinline__ int firstWrongPlace(const ListCheckArguments& a, long long list) {
    const int count = a.counts[list];
    if (count < 0 || count > a.keyBlocks) return 0;
    const int lane = threadIdx.x % 32;
    const int* gIndices = a.indices + list * a.keyBlocks;
    for (int start = 0; start < count; start += 32) {
        const int position = start + lane;
        bool wrong = false;
        if (position < count) {
            const int index = gIndices[position];
            wrong = index < 0 || index >= a.keyBlocks || (position > 0 && index <= gIndices[position - 1]);
        }
        const unsigned ballot = __ballot_sync(FullWarp, wrong);
        if (ballot != 0) return start + __ffs(ballot);        // counts from 1
    }
    return -1;
}

// Says what is wrong at a place that a warp has found.
__device__ void describe(const ListCheckArguments& a, unsigned long long code) {
    const long long list = code / (a.keyBlocks + 1);
    const int position = (int)(code % (a.keyBlocks + 1)) - 1;
    const int value = position < 0 ? a.counts[list] : a.indices[list * a.keyBlocks + position];
    a.result[Kind] = position < 0 ? CountRange : value < 0 || value >= a.keyBlocks ? IndexRange : IndexOrder;
    a.result[List] = list;
    a.result[Position] = position;
    a.result[Value] = value;
}

extern "C" __global__ void __launch_bounds__(Warps * 32) xv_block_list_check(const __grid_constant__ ListCheckArguments a) {
    auto* gCode = (unsigned long long*)&a.result[Code];
    auto* gFinished = (unsigned long long*)&a.result[Finished];
    const long long list = (long long)blockIdx.x * Warps + threadIdx.x / 32;
    if (list < a.lists) {
        const int place = firstWrongPlace(a, list);
        if (place >= 0 && threadIdx.x % 32 == 0) {
            atomicMin(gCode, (unsigned long long)(list * (a.keyBlocks + 1) + place));
            __threadfence();                                  // before this block counts as finished
        }
    }
    __syncthreads();
    if (threadIdx.x != 0) return;
    const unsigned long long finishedBefore = atomicAdd(gFinished, 1ull) + 1;      // the host's −1 becomes 0
    if (finishedBefore + 1 != gridDim.x) return;
    const unsigned long long code = atomicMin(gCode, Nothing);                     // an atomic read
    if (code != Nothing) describe(a, code);
}
