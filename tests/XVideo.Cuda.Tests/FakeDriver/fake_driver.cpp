// A CUDA driver without a GPU: writes each call into a log that the test reads, and fails a call when told to.
// Its signatures are those of the CUDA driver API reference, so a wrong function pointer in C# shows up as wrong values here.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>

typedef int CUresult;
typedef int CUdevice;
struct Context { int device; };
struct Module { int id; };
struct Function { int id; };
struct Event { int id; };
struct Stream;

static std::mutex lock;
static std::string written, failing;
static int failure, computeMajor = 9, computeMinor = 0, nextId;
static thread_local Context* current[8];
static thread_local int depth;
static Context context{0};

#define CALL(...) \
    do { char line[512]; snprintf(line, sizeof line, __VA_ARGS__); std::lock_guard<std::mutex> held(lock); written += line; written += "\n"; \
        if (!failing.empty() && !strncmp(line, failing.c_str(), failing.size()) && (line[failing.size()] == ' ' || line[failing.size()] == 0)) return failure; } while (0)
#define NEEDS_CONTEXT do { if (depth == 0) return 201; } while (0)

extern "C" {
// For the test: what was called since the last time, and what shall fail or be different.
const char* fake_log() { static std::string copy; std::lock_guard<std::mutex> held(lock); copy.swap(written); written.clear(); return copy.c_str(); }
void fake_fail(const char* call, int status) { std::lock_guard<std::mutex> held(lock); failing = call; failure = status; }
void fake_compute(int major, int minor) { computeMajor = major; computeMinor = minor; }
int fake_depth() { return depth; }

CUresult cuGetErrorName(CUresult status, const char** text) {
    *text = status == 700 ? "CUDA_ERROR_ILLEGAL_ADDRESS" : status == 101 ? "CUDA_ERROR_INVALID_DEVICE" : status == 201 ? "CUDA_ERROR_INVALID_CONTEXT" : nullptr;
    return *text ? 0 : 1;
}
CUresult cuGetErrorString(CUresult status, const char** text) {
    *text = status == 700 ? "an illegal memory access was encountered" : status == 101 ? "invalid device ordinal" : nullptr;
    return *text ? 0 : 1;
}
CUresult cuInit(unsigned flags) { CALL("cuInit %u", flags); return 0; }
CUresult cuDeviceGet(CUdevice* device, int ordinal) { CALL("cuDeviceGet %d", ordinal); if (ordinal > 0) return 101; *device = ordinal; return 0; }
CUresult cuDeviceGetName(char* name, int length, CUdevice) { CALL("cuDeviceGetName"); snprintf(name, length, "Fake GPU"); return 0; }
CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice) {
    switch (attribute) {
        case 16: *value = 132; return 0;
        case 75: *value = computeMajor; return 0;
        case 76: *value = computeMinor; return 0;
        case 97: *value = 232448; return 0;
        default: return 1;
    }
}
CUresult cuDevicePrimaryCtxRetain(Context** result, CUdevice) { CALL("cuDevicePrimaryCtxRetain"); *result = &context; return 0; }
CUresult cuDevicePrimaryCtxRelease_v2(CUdevice) { CALL("cuDevicePrimaryCtxRelease"); return 0; }
CUresult cuCtxSetCurrent(Context* given) { CALL("cuCtxSetCurrent"); if (given != &context) return 201; depth = 1; current[0] = given; return 0; }
CUresult cuCtxPushCurrent_v2(Context* given) { if (given != &context || depth == 8) return 201; current[depth++] = given; return 0; }
CUresult cuCtxPopCurrent_v2(Context** popped) { NEEDS_CONTEXT; *popped = current[--depth]; return 0; }
CUresult cuModuleLoadData(Module** module, const void* image) { NEEDS_CONTEXT; CALL("cuModuleLoadData %.20s", (const char*)image); *module = new Module{++nextId}; return 0; }
CUresult cuModuleUnload(Module* module) { NEEDS_CONTEXT; CALL("cuModuleUnload"); delete module; return 0; }
CUresult cuModuleGetFunction(Function** function, Module* module, const char* name) {
    NEEDS_CONTEXT; CALL("cuModuleGetFunction %s", name);
    static Function only; only.id = module->id; *function = &only; return 0;
}
CUresult cuMemGetInfo_v2(size_t* free, size_t* total) { NEEDS_CONTEXT; *free = 60ull << 30; *total = 80ull << 30; return 0; }
CUresult cuEventCreate(Event** event, unsigned flags) { NEEDS_CONTEXT; CALL("cuEventCreate %u", flags); *event = new Event{++nextId}; return 0; }
CUresult cuEventRecord(Event*, Stream* stream) { NEEDS_CONTEXT; CALL("cuEventRecord %p", (void*)stream); return 0; }
CUresult cuEventSynchronize(Event*) { CALL("cuEventSynchronize"); return 0; }
CUresult cuEventDestroy_v2(Event* event) { CALL("cuEventDestroy"); delete event; return 0; }
CUresult cuEventElapsedTime(float* milliseconds, Event* start, Event* end) { CALL("cuEventElapsedTime"); *milliseconds = (float)(end->id - start->id); return 0; }
CUresult cuFuncGetAttribute(int* value, int attribute, Function*) {
    switch (attribute) {
        case 1: *value = 1024; return 0;
        case 3: *value = 16; return 0;
        case 4: *value = 168; return 0;
        default: return 1;
    }
}
CUresult cuFuncSetAttribute(Function*, int attribute, int value) { CALL("cuFuncSetAttribute %d %d", attribute, value); return 0; }
// One kernel: (struct of 16 bytes, int, CUtensorMap).
CUresult cuFuncGetParamInfo(Function*, size_t index, size_t* offset, size_t* size) {
    static const size_t sizes[] = {16, 4, 128}, offsets[] = {0, 16, 64};
    if (index >= 3) return 1;
    *offset = offsets[index]; *size = sizes[index]; return 0;
}
CUresult cuLaunchKernel(Function*, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, Stream* stream, void** parameters, void** extra) {
    NEEDS_CONTEXT;
    long long pair[2]; memcpy(pair, parameters[0], 16);
    int number; memcpy(&number, parameters[1], 4);
    unsigned char map[128]; memcpy(map, parameters[2], 128);
    CALL("cuLaunchKernel %u,%u,%u %u,%u,%u %u %p %lld,%lld %d %d,%d %s", gx, gy, gz, bx, by, bz, shared, (void*)stream, pair[0], pair[1], number, map[0], map[127], extra ? "extra" : "-");
    return 0;
}
CUresult cuTensorMapEncodeTiled(void* map, int type, unsigned rank, void* address, const uint64_t* dims, const uint64_t* strides, const uint32_t* box, const uint32_t* elementStrides,
                                int interleave, int swizzle, int promotion, int fill) {
    if ((uintptr_t)map % 64 != 0) return 1;
    std::string lists;
    for (unsigned i = 0; i < rank; i++) lists += " " + std::to_string(dims[i]) + "/" + (i + 1 < rank ? std::to_string(strides[i]) : "-") + "/" + std::to_string(box[i]) + "/" + std::to_string(elementStrides[i]);
    CALL("cuTensorMapEncodeTiled %d %p%s %d %d %d %d", type, address, lists.c_str(), interleave, swizzle, promotion, fill);
    memset(map, 0, 128); ((unsigned char*)map)[0] = 7; ((unsigned char*)map)[127] = 9;
    return 0;
}
}
