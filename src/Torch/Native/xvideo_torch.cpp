// libtorch behind a C ABI: operators are found by schema name and called boxed on an array of tagged values.
//
// Boxed calls are the part of libtorch that has stayed the same from 1.13 to 2.11, so this one file compiles against any of them.
// A tensor crosses the boundary as an owned TensorImpl pointer. A failed call returns a negative number; xvt_last_error() then holds
// the message for the calling thread.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/version.h>
#if __has_include(<c10/core/CachingDeviceAllocator.h>)
#include <c10/core/CachingDeviceAllocator.h>
#endif

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
using OptionalTensor = std::optional<at::Tensor>;
#else
using OptionalTensor = c10::optional<at::Tensor>;
#endif

enum Tag : int32_t { None, TensorTag, Int, Double, Bool, IntList, TensorList, DoubleList, String, DeviceTag, Default, OptionalTensorList };

struct Value {       // mirrored by XVideo.Torch.Interop.NativeValue: 16 bytes
    int32_t tag;
    int32_t count;   // elements of a list, bytes of a string, device index of a device
    union { void* pointer; int64_t integer; double number; };
};
static_assert(sizeof(Value) == 16, "Value is shared with C#");

thread_local std::string last_error;

at::Tensor borrow(void* handle) {
    return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(static_cast<c10::TensorImpl*>(handle)));
}

void* release(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

c10::IValue to_ivalue(const Value& value, const c10::Argument& argument) {
    switch (value.tag) {
        case None: return c10::IValue();
        case TensorTag: return c10::IValue(borrow(value.pointer));
        case Int:
            if (argument.type()->kind() == c10::TypeKind::FloatType) return c10::IValue(static_cast<double>(value.integer));
            return c10::IValue(value.integer);
        case Double: return c10::IValue(value.number);
        case Bool: return c10::IValue(value.integer != 0);
        case IntList: {
            auto* data = static_cast<int64_t*>(value.pointer);
            return c10::IValue(std::vector<int64_t>(data, data + value.count));
        }
        case DoubleList: {
            auto* data = static_cast<double*>(value.pointer);
            return c10::IValue(std::vector<double>(data, data + value.count));
        }
        case TensorList: {
            c10::List<at::Tensor> list;
            auto** data = static_cast<void**>(value.pointer);
            for (int i = 0; i < value.count; i++) list.push_back(borrow(data[i]));
            return c10::IValue(list);
        }
        case OptionalTensorList: {
            c10::List<OptionalTensor> list;
            auto** data = static_cast<void**>(value.pointer);
            for (int i = 0; i < value.count; i++)
                list.push_back(data[i] ? OptionalTensor(borrow(data[i])) : OptionalTensor());
            return c10::IValue(list);
        }
        case String: return c10::IValue(std::string(static_cast<char*>(value.pointer), value.count));
        case DeviceTag:
            return c10::IValue(c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.count)));
        case Default:
            TORCH_CHECK(argument.default_value().has_value(), "argument '", argument.name(), "' has no default value");
            return *argument.default_value();
        default: TORCH_CHECK(false, "unknown value tag ", value.tag);
    }
}

Value to_value(c10::IValue&& result) {
    Value value{};
    if (result.isTensor()) {
        value.tag = TensorTag;
        value.pointer = release(std::move(result).toTensor());
    } else if (result.isTensorList()) {
        auto tensors = result.toTensorVector();
        auto** handles = static_cast<void**>(std::malloc(sizeof(void*) * (tensors.empty() ? 1 : tensors.size())));
        for (size_t i = 0; i < tensors.size(); i++) handles[i] = release(std::move(tensors[i]));
        value.tag = TensorList;
        value.count = static_cast<int32_t>(tensors.size());
        value.pointer = handles;
    } else if (result.isBool()) {
        value.tag = Bool;
        value.integer = result.toBool();
    } else if (result.isInt()) {
        value.tag = Int;
        value.integer = result.toInt();
    } else if (result.isDouble()) {
        value.tag = Double;
        value.number = result.toDouble();
    } else {
        TORCH_CHECK(result.isNone(), "cannot return a value of type ", result.tagKind());
    }
    return value;
}

template <typename F> auto guarded(F&& body) -> decltype(body()) {
    try {
        return body();
    } catch (const c10::Error& error) {
        last_error = error.what_without_backtrace();
    } catch (const std::exception& error) {
        last_error = error.what();
    } catch (...) {
        last_error = "unknown C++ exception";
    }
    return static_cast<decltype(body())>(-1);
}

const c10::impl::DeviceGuardImplInterface* cuda() {
    return c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA) ? c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA) : nullptr;
}

}  // namespace

#define XVT extern "C" __attribute__((visibility("default")))

XVT const char* xvt_last_error() { return last_error.c_str(); }
XVT const char* xvt_version() { return TORCH_VERSION; }
XVT int32_t xvt_value_size() { return sizeof(Value); }

// Returns an operator handle that lives as long as the process, or null when this libtorch has no such operator.
XVT void* xvt_find(const char* name, const char* overload) {
    auto found = c10::Dispatcher::singleton().findSchema(c10::OperatorName(name, overload));
    return found.has_value() ? new c10::OperatorHandle(*found) : nullptr;
}

// Calls an operator. Arguments that are not given take the schema's defaults. Returns the number of results.
XVT int32_t xvt_call(void* handle, const Value* arguments, int32_t argument_count, Value* results, int32_t result_capacity) {
    return guarded([&]() -> int32_t {
        auto& op = *static_cast<c10::OperatorHandle*>(handle);
        const auto& schema = op.schema().arguments();
        TORCH_CHECK(static_cast<size_t>(argument_count) <= schema.size(), "takes ", schema.size(), " arguments, got ", argument_count);
        c10::Stack stack;
        stack.reserve(schema.size());
        for (size_t i = 0; i < schema.size(); i++) {
            Value missing{Default, 0, {nullptr}};
            stack.push_back(to_ivalue(i < static_cast<size_t>(argument_count) ? arguments[i] : missing, schema[i]));
        }
        op.callBoxed(&stack);
        TORCH_CHECK(static_cast<int32_t>(stack.size()) <= result_capacity, "returned ", stack.size(), " values");
        for (size_t i = 0; i < stack.size(); i++) results[i] = to_value(std::move(stack[i]));
        return static_cast<int32_t>(stack.size());
    });
}

XVT void xvt_free_list(void* list) { std::free(list); }

XVT void xvt_tensor_free(void* handle) {
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(static_cast<c10::TensorImpl*>(handle));
}
XVT void* xvt_tensor_share(void* handle) { return release(borrow(handle)); }

// dtype, device type, device index, dimensions, requires_grad, is_leaf, is_contiguous; then sizes and strides.
XVT int32_t xvt_tensor_info(void* handle, int64_t* info, int64_t* sizes, int64_t* strides, int32_t capacity) {
    return guarded([&]() -> int32_t {
        at::Tensor tensor = borrow(handle);
        info[0] = static_cast<int64_t>(tensor.scalar_type());
        info[1] = static_cast<int64_t>(tensor.device().type());
        info[2] = tensor.device().index();
        info[3] = tensor.dim();
        info[4] = tensor.requires_grad();
        info[5] = tensor.is_leaf();
        info[6] = tensor.is_contiguous();
        TORCH_CHECK(tensor.dim() <= capacity, "a tensor of ", tensor.dim(), " dimensions; at most ", capacity, " are supported");
        for (int64_t i = 0; i < tensor.dim(); i++) {
            sizes[i] = tensor.size(i);
            strides[i] = tensor.stride(i);
        }
        return 0;
    });
}

XVT intptr_t xvt_tensor_data(void* handle) {
    return guarded([&]() -> intptr_t { return reinterpret_cast<intptr_t>(borrow(handle).data_ptr()); });
}

XVT intptr_t xvt_from_blob(void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype) {
    return guarded([&]() -> intptr_t {
        auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
        return reinterpret_cast<intptr_t>(release(at::from_blob(data, at::IntArrayRef(sizes, dimensions), options)));
    });
}

XVT int32_t xvt_set_requires_grad(void* handle, int32_t on) {
    return guarded([&]() -> int32_t { borrow(handle).set_requires_grad(on != 0); return 0; });
}
XVT void* xvt_grad(void* handle) { return release(borrow(handle).grad()); }
XVT int32_t xvt_set_grad(void* handle, void* grad) {
    return guarded([&]() -> int32_t { borrow(handle).mutable_grad() = grad ? borrow(grad) : at::Tensor(); return 0; });
}
XVT int32_t xvt_backward(void* handle, void* gradient, int32_t retain_graph) {
    return guarded([&]() -> int32_t {
        borrow(handle).backward(gradient ? borrow(gradient) : at::Tensor(), retain_graph != 0);
        return 0;
    });
}
XVT int32_t xvt_grad_enabled() { return at::GradMode::is_enabled(); }
XVT void xvt_set_grad_enabled(int32_t on) { at::GradMode::set_enabled(on != 0); }

XVT int32_t xvt_num_threads() { return at::get_num_threads(); }
XVT void xvt_set_num_threads(int32_t count) { at::set_num_threads(count); }
XVT int32_t xvt_manual_seed(uint64_t seed) {
    return guarded([&]() -> int32_t { at::manual_seed(seed); return 0; });
}

// Lets cuDNN time its algorithms at the first call of each shape: pays for fixed shapes, as in training.
XVT void xvt_benchmark_convolutions(int32_t on) { at::globalContext().setBenchmarkCuDNN(on != 0); }

// libtorch lets cuDNN round float32 convolutions to TF32 (10 bits of mantissa) unless told otherwise.
XVT void xvt_allow_tf32_convolutions(int32_t on) { at::globalContext().setAllowTF32CuDNN(on != 0); }

XVT int32_t xvt_cuda_device_count() { auto* impl = cuda(); return impl ? impl->deviceCount() : 0; }
// The CUstream of the current stream; older libtorch can only be asked about its default stream, which is CUDA's own (0).
template <typename Stream> auto native_handle(const Stream& stream, int) -> decltype(reinterpret_cast<intptr_t>(stream.native_handle())) {
    return reinterpret_cast<intptr_t>(stream.native_handle());
}
template <typename Stream> intptr_t native_handle(const Stream&, long) { TORCH_CHECK(false, "this libtorch does not tell the handle of a stream that is not the default one"); }

XVT intptr_t xvt_cuda_stream(int32_t index) {
    return guarded([&]() -> intptr_t {
        auto* impl = cuda();
        TORCH_CHECK(impl != nullptr, "this libtorch has no CUDA support");
        auto stream = impl->getStream(c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(index)));
        return stream.id() == 0 ? 0 : native_handle(stream, 0);
    });
}

XVT int32_t xvt_cuda_synchronize(int32_t index) {
    return guarded([&]() -> int32_t {
        auto* impl = cuda();
        TORCH_CHECK(impl != nullptr, "this libtorch has no CUDA support");
        impl->getStream(c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(index))).synchronize();
        return 0;
    });
}

// Bytes of tensors on a GPU, now and at most. libtorch tells them without CUDA's headers since 2.9; the function that does so is found by its
// argument, so that a libtorch without it, or with another, compiles too: 1 when they are known, 0 when not.
template <typename Type> auto read_memory(Type type, int32_t index, int64_t* now_and_peak, int) -> decltype(static_cast<int32_t>(getDeviceAllocator(type)->getDeviceStats(index).allocated_bytes[0].peak)) {
    auto bytes = getDeviceAllocator(type)->getDeviceStats(index).allocated_bytes[0];
    now_and_peak[0] = bytes.current;
    now_and_peak[1] = bytes.peak;
    return 1;
}
template <typename Type> int32_t read_memory(Type, int32_t, int64_t*, long) { return 0; }
template <typename Type> auto reset_memory(Type type, int32_t index, int) -> decltype(getDeviceAllocator(type)->resetPeakStats(index), int32_t()) {
    getDeviceAllocator(type)->resetPeakStats(index);
    return 1;
}
template <typename Type> int32_t reset_memory(Type, int32_t, long) { return 0; }

XVT int32_t xvt_cuda_memory(int32_t index, int64_t* now_and_peak) {
    return guarded([&]() -> int32_t { return cuda() ? read_memory(c10::DeviceType::CUDA, index, now_and_peak, 0) : 0; });
}
XVT int32_t xvt_cuda_reset_peak_memory(int32_t index) {
    return guarded([&]() -> int32_t { return cuda() ? reset_memory(c10::DeviceType::CUDA, index, 0) : 0; });
}
