// The border between LPZero.Torch and libtorch: C functions over at::Tensor.
//
// A handle is an at::Tensor on the heap; torch_dispose deletes it. Functions that make a tensor return its
// handle, or null on failure; the others return false on failure. The reason is then in torch_last_error().
// No exception leaves this file.

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/autograd.h>

#include <atomic>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <vector>

namespace {

using Handle = at::Tensor*;

// A number as the managed side passes it: an integer, a floating-point number (its bits) or a truth value.
struct Number {
    int64_t bits;
    int64_t kind;
};
enum NumberKind : int64_t { Absent = -1, Integer = 0, Floating = 1, Truth = 2 };

// What a new tensor is made as.
struct Options {
    int32_t type;
    int32_t device;
    int32_t index;
    int32_t requires_grad;
};

thread_local std::string last_error;

std::atomic<int> thread_count_version{0};
thread_local int adopted_thread_count_version = -1;

// OpenMP keeps its thread count per thread, and libraries below libtorch (oneDNN) read it directly. So every
// thread that enters takes over what set_num_threads was last given.
void adopt_thread_count() {
    const int version = thread_count_version.load(std::memory_order_acquire);
    if (adopted_thread_count_version != version) {
        at::init_num_threads();
        adopted_thread_count_version = version;
    }
}

template <class Body>
bool guarded(Body body) noexcept {
    try {
        adopt_thread_count();
        body();
        return true;
    } catch (const c10::Error& error) {
        last_error = error.what_without_backtrace();
    } catch (const std::exception& error) {
        last_error = error.what();
    } catch (...) {
        last_error = "an exception of unknown type";
    }
    return false;
}

template <class Body>
Handle guarded_tensor(Body body) noexcept {
    Handle result = nullptr;
    guarded([&] { result = new at::Tensor(body()); });
    return result;
}

at::Scalar scalar(Number number) {
    switch (number.kind) {
        case Integer: return at::Scalar(number.bits);
        case Truth: return at::Scalar(number.bits != 0);
        default: {
            double value;
            std::memcpy(&value, &number.bits, sizeof value);
            return at::Scalar(value);
        }
    }
}

c10::optional<at::Scalar> optional_scalar(Number number) {
    return number.kind == Absent ? c10::nullopt : c10::optional<at::Scalar>(scalar(number));
}

c10::optional<at::ScalarType> optional_type(int32_t type) {
    return type < 0 ? c10::nullopt : c10::make_optional(static_cast<at::ScalarType>(type));
}

c10::optional<at::Tensor> optional_tensor(Handle tensor) {
    return tensor ? c10::make_optional(*tensor) : c10::nullopt;
}

at::Device device(int32_t type, int32_t index) {
    return at::Device(static_cast<at::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

at::TensorOptions tensor_options(Options options) {
    return at::TensorOptions()
        .dtype(static_cast<at::ScalarType>(options.type))
        .device(device(options.device, options.index));
}

at::Tensor finished(at::Tensor tensor, Options options) {
    return options.requires_grad ? tensor.set_requires_grad(true) : tensor;
}

at::IntArrayRef numbers(const int64_t* values, int32_t count) {
    return at::IntArrayRef(values, static_cast<size_t>(count));
}

std::vector<at::Tensor> tensors(const Handle* handles, int32_t count) {
    std::vector<at::Tensor> list;
    list.reserve(count);
    for (int32_t i = 0; i < count; i++)
        list.push_back(handles[i] ? *handles[i] : at::Tensor());
    return list;
}

c10::optional<c10::string_view> fourier_norm(int32_t norm) {
    static constexpr c10::string_view names[] = {"backward", "forward", "ortho"};
    return names[norm];
}

// The function of the BLAS library that sets its own thread count; null where it has none (reference BLAS).
using SetBlasThreads = void (*)(int);
SetBlasThreads blas_thread_setter() {
    static const auto setter =
        reinterpret_cast<SetBlasThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
    return setter;
}

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

// A function that makes a tensor.
#define TENSOR(name, parameters, expression) \
    EXPORT Handle torch_##name parameters noexcept { return guarded_tensor([&]() -> at::Tensor { return expression; }); }

// A function that does something and makes nothing.
#define ACTION(name, parameters, statements) \
    EXPORT bool torch_##name parameters noexcept { return guarded([&] { statements; }); }

#define UNARY(name) TENSOR(name, (Handle x), at::name(*x))
#define BINARY(name) TENSOR(name, (Handle x, Handle y), at::name(*x, *y))
#define WITH_SCALAR(name) TENSOR(name##_scalar, (Handle x, Number y), at::name(*x, scalar(y)))

// ---- errors, version, threads, devices

EXPORT const char* torch_last_error() noexcept { return last_error.c_str(); }
EXPORT const char* torch_version() noexcept { return TORCH_VERSION; }

ACTION(set_num_threads, (int32_t count), {
    at::set_num_threads(count);
    if (auto set_blas_threads = blas_thread_setter()) set_blas_threads(count);
    adopted_thread_count_version = thread_count_version.fetch_add(1, std::memory_order_acq_rel) + 1;
})
ACTION(get_num_threads, (int32_t* count), *count = at::get_num_threads())
ACTION(set_num_interop_threads, (int32_t count), at::set_num_interop_threads(count))
ACTION(get_num_interop_threads, (int32_t* count), *count = static_cast<int32_t>(at::get_num_interop_threads()))

ACTION(cuda_device_count, (int32_t* count),
       *count = at::hasCUDA() ? static_cast<int32_t>(at::detail::getCUDAHooks().getNumGPUs()) : 0)
ACTION(cuda_synchronize, (int32_t index), {
    const auto& hooks = at::detail::getCUDAHooks();
    hooks.deviceSynchronize(index < 0 ? hooks.current_device() : index);
})

// ---- life and properties

EXPORT void torch_dispose(Handle x) noexcept { delete x; }

// Writes the sizes and strides of at most `capacity` dimensions, and the number of dimensions.
ACTION(shape, (Handle x, int64_t* sizes, int64_t* strides, int32_t capacity, int32_t* dimensions), {
    const auto count = static_cast<int32_t>(x->dim());
    TORCH_CHECK(count <= capacity, "a tensor of ", count, " dimensions");
    std::copy_n(x->sizes().data(), count, sizes);
    std::copy_n(x->strides().data(), count, strides);
    *dimensions = count;
})
ACTION(device, (Handle x, int32_t* type, int32_t* index), {
    *type = static_cast<int32_t>(x->device().type());
    *index = x->device().index();
})
EXPORT int32_t torch_type(Handle x) noexcept { return static_cast<int32_t>(x->scalar_type()); }
EXPORT int64_t torch_numel(Handle x) noexcept { return x->numel(); }
EXPORT int64_t torch_element_size(Handle x) noexcept { return static_cast<int64_t>(x->element_size()); }
EXPORT int64_t torch_dim(Handle x) noexcept { return x->dim(); }
EXPORT bool torch_is_contiguous(Handle x) noexcept { return x->is_contiguous(); }
EXPORT bool torch_is_leaf(Handle x) noexcept { return x->is_leaf(); }
EXPORT bool torch_requires_grad(Handle x) noexcept { return x->requires_grad(); }
ACTION(data, (Handle x, void** data), *data = x->data_ptr())
ACTION(item, (Handle x, Number* value), {
    const at::Scalar item = x->item();
    if (item.isFloatingPoint()) {
        const double number = item.toDouble();
        value->kind = Floating;
        std::memcpy(&value->bits, &number, sizeof number);
    } else {
        value->kind = item.isBoolean() ? Truth : Integer;
        value->bits = item.to<int64_t>();
    }
})

// ---- creation

TENSOR(from_bytes, (const void* bytes, int32_t source_type, const int64_t* sizes, int32_t dimensions, Options options), [&] {
    auto host = at::empty(numbers(sizes, dimensions), static_cast<at::ScalarType>(source_type));
    if (host.numel() > 0) std::memcpy(host.data_ptr(), bytes, host.nbytes());
    return finished(host.to(tensor_options(options)), options);
}())
TENSOR(empty, (const int64_t* sizes, int32_t dimensions, Options options),
       finished(at::empty(numbers(sizes, dimensions), tensor_options(options)), options))
TENSOR(zeros, (const int64_t* sizes, int32_t dimensions, Options options),
       finished(at::zeros(numbers(sizes, dimensions), tensor_options(options)), options))
TENSOR(full, (const int64_t* sizes, int32_t dimensions, Number value, Options options),
       finished(at::full(numbers(sizes, dimensions), scalar(value), tensor_options(options)), options))
TENSOR(arange, (Number start, Number stop, Number step, Options options),
       finished(at::arange(scalar(start), scalar(stop), scalar(step), tensor_options(options)), options))
TENSOR(eye, (int64_t rows, int64_t columns, Options options),
       finished(at::eye(rows, columns, tensor_options(options)), options))

TENSOR(to, (Handle x, Options options, bool copy, bool non_blocking), x->to(tensor_options(options), non_blocking, copy))
TENSOR(clone, (Handle x), x->clone())
TENSOR(detach, (Handle x), x->detach())
TENSOR(contiguous, (Handle x), x->contiguous())

// ---- arithmetic

UNARY(abs) UNARY(log) UNARY(exp) UNARY(sqrt) UNARY(rsqrt) UNARY(square) UNARY(neg) UNARY(reciprocal)
UNARY(sigmoid) UNARY(tanh) UNARY(erf) UNARY(sin) UNARY(cos) UNARY(relu) UNARY(sign)

TENSOR(add, (Handle x, Handle y, Number alpha), at::add(*x, *y, scalar(alpha)))
TENSOR(sub, (Handle x, Handle y), at::sub(*x, *y))
BINARY(mul) BINARY(div) BINARY(pow) BINARY(maximum) BINARY(minimum)
BINARY(matmul) BINARY(mm) BINARY(bmm)
WITH_SCALAR(add) WITH_SCALAR(sub) WITH_SCALAR(mul) WITH_SCALAR(div) WITH_SCALAR(pow)

ACTION(add_, (Handle x, Handle y, Number alpha), x->add_(*y, scalar(alpha)))
ACTION(sub_, (Handle x, Handle y), x->sub_(*y))
ACTION(mul_, (Handle x, Handle y), x->mul_(*y))
ACTION(div_, (Handle x, Handle y), x->div_(*y))
ACTION(add_scalar_, (Handle x, Number y), x->add_(scalar(y)))
ACTION(sub_scalar_, (Handle x, Number y), x->sub_(scalar(y)))
ACTION(mul_scalar_, (Handle x, Number y), x->mul_(scalar(y)))
ACTION(div_scalar_, (Handle x, Number y), x->div_(scalar(y)))
ACTION(addcmul_, (Handle x, Handle y, Handle z, Number value), x->addcmul_(*y, *z, scalar(value)))
ACTION(addcdiv_, (Handle x, Handle y, Handle z, Number value), x->addcdiv_(*y, *z, scalar(value)))
ACTION(copy_, (Handle x, Handle y, bool non_blocking), x->copy_(*y, non_blocking))
ACTION(zero_, (Handle x), x->zero_())
ACTION(fill_, (Handle x, Number value), x->fill_(scalar(value)))

TENSOR(clamp, (Handle x, Number minimum, Number maximum),
       at::clamp(*x, optional_scalar(minimum), optional_scalar(maximum)))
TENSOR(nan_to_num, (Handle x, double nan, const double* positive, const double* negative),
       at::nan_to_num(*x, nan, positive ? c10::make_optional(*positive) : c10::nullopt,
                      negative ? c10::make_optional(*negative) : c10::nullopt))

// ---- comparison and selection

BINARY(eq) BINARY(ne) BINARY(gt) BINARY(ge) BINARY(lt) BINARY(le) BINARY(logical_and) BINARY(logical_or)
WITH_SCALAR(eq) WITH_SCALAR(ne) WITH_SCALAR(gt) WITH_SCALAR(ge) WITH_SCALAR(lt) WITH_SCALAR(le)
UNARY(logical_not) UNARY(isnan) UNARY(isinf) UNARY(isfinite) UNARY(all) UNARY(any)
TENSOR(where, (Handle condition, Handle x, Handle y), at::where(*condition, *x, *y))
TENSOR(masked_fill, (Handle x, Handle mask, Number value), at::masked_fill(*x, *mask, scalar(value)))
TENSOR(gather, (Handle x, int64_t dim, Handle index), at::gather(*x, dim, *index))
TENSOR(index_select, (Handle x, int64_t dim, Handle index), at::index_select(*x, dim, *index))
ACTION(allclose, (Handle x, Handle y, double relative, double absolute, bool equal_nan, bool* result),
       *result = at::allclose(*x, *y, relative, absolute, equal_nan))

// ---- reductions

TENSOR(sum, (Handle x, int32_t type), at::sum(*x, optional_type(type)))
TENSOR(mean, (Handle x), at::mean(*x))
TENSOR(std, (Handle x, bool unbiased), at::std(*x, unbiased))
UNARY(min) UNARY(max)
TENSOR(norm, (Handle x, double p), at::norm(*x, p))
TENSOR(sum_dims, (Handle x, const int64_t* dims, int32_t count, bool keepdim, int32_t type),
       at::sum(*x, numbers(dims, count), keepdim, optional_type(type)))
TENSOR(mean_dims, (Handle x, const int64_t* dims, int32_t count, bool keepdim, int32_t type),
       at::mean(*x, numbers(dims, count), keepdim, optional_type(type)))
TENSOR(std_dims, (Handle x, const int64_t* dims, int32_t count, bool unbiased, bool keepdim),
       at::std(*x, numbers(dims, count), unbiased, keepdim))
TENSOR(amin, (Handle x, const int64_t* dims, int32_t count, bool keepdim), at::amin(*x, numbers(dims, count), keepdim))
TENSOR(amax, (Handle x, const int64_t* dims, int32_t count, bool keepdim), at::amax(*x, numbers(dims, count), keepdim))
TENSOR(norm_dim, (Handle x, int64_t dim, bool keepdim, double p), at::norm(*x, p, dim, keepdim))
TENSOR(argmax, (Handle x, int64_t dim, bool keepdim), at::argmax(*x, dim, keepdim))
TENSOR(softmax, (Handle x, int64_t dim, int32_t type), at::softmax(*x, dim, optional_type(type)))
TENSOR(log_softmax, (Handle x, int64_t dim, int32_t type), at::log_softmax(*x, dim, optional_type(type)))

// ---- shapes

TENSOR(transpose, (Handle x, int64_t dim0, int64_t dim1), at::transpose(*x, dim0, dim1))
TENSOR(permute, (Handle x, const int64_t* dims, int32_t count), at::permute(*x, numbers(dims, count)))
TENSOR(view, (Handle x, const int64_t* sizes, int32_t count), x->view(numbers(sizes, count)))
TENSOR(reshape, (Handle x, const int64_t* sizes, int32_t count), at::reshape(*x, numbers(sizes, count)))
TENSOR(expand, (Handle x, const int64_t* sizes, int32_t count), x->expand(numbers(sizes, count)))
TENSOR(flip, (Handle x, const int64_t* dims, int32_t count), at::flip(*x, numbers(dims, count)))
TENSOR(flatten, (Handle x, int64_t start, int64_t end), at::flatten(*x, start, end))
TENSOR(unsqueeze, (Handle x, int64_t dim), at::unsqueeze(*x, dim))
TENSOR(squeeze, (Handle x), at::squeeze(*x))
TENSOR(squeeze_dim, (Handle x, int64_t dim), at::squeeze(*x, dim))
TENSOR(narrow, (Handle x, int64_t dim, int64_t start, int64_t length), at::narrow(*x, dim, start, length))
TENSOR(slice, (Handle x, int64_t dim, int64_t start, int64_t finish, int64_t step),
       at::slice(*x, dim, start, finish, step))
TENSOR(select, (Handle x, int64_t dim, int64_t index), at::select(*x, dim, index))
TENSOR(tril, (Handle x, int64_t diagonal), at::tril(*x, diagonal))
TENSOR(triu, (Handle x, int64_t diagonal), at::triu(*x, diagonal))
TENSOR(cat, (const Handle* list, int32_t count, int64_t dim), at::cat(tensors(list, count), dim))
TENSOR(stack, (const Handle* list, int32_t count, int64_t dim), at::stack(tensors(list, count), dim))

// ---- Fourier transforms

TENSOR(fft2, (Handle x, const int64_t* sizes, int32_t size_count, const int64_t* dims, int32_t dim_count, int32_t norm),
       at::fft_fft2(*x, sizes ? at::OptionalIntArrayRef(numbers(sizes, size_count)) : c10::nullopt,
                    numbers(dims, dim_count), fourier_norm(norm)))
TENSOR(rfft, (Handle x, int64_t n, int64_t dim, int32_t norm),
       at::fft_rfft(*x, n < 0 ? c10::nullopt : c10::make_optional(n), dim, fourier_norm(norm)))
UNARY(real) UNARY(view_as_real)

// ---- building blocks of networks

TENSOR(linear, (Handle x, Handle weight, Handle bias), at::linear(*x, *weight, optional_tensor(bias)))
TENSOR(gelu, (Handle x, bool by_tanh), at::gelu(*x, by_tanh ? "tanh" : "none"))
TENSOR(layer_norm, (Handle x, const int64_t* sizes, int32_t count, Handle weight, Handle bias, double epsilon),
       at::layer_norm(*x, numbers(sizes, count), optional_tensor(weight), optional_tensor(bias), epsilon))
TENSOR(cross_entropy, (Handle x, Handle target, Handle weight, int64_t ignore_index, int64_t reduction, double smoothing),
       at::cross_entropy_loss(*x, *target, optional_tensor(weight), reduction, ignore_index, smoothing))
TENSOR(conv1d, (Handle x, Handle weight, Handle bias, int64_t stride, int64_t padding, int64_t dilation, int64_t groups),
       at::conv1d(*x, *weight, optional_tensor(bias), stride, padding, dilation, groups))
TENSOR(unfold, (Handle x, const int64_t* kernel, const int64_t* dilation, const int64_t* padding, const int64_t* stride),
       at::im2col(*x, numbers(kernel, 2), numbers(dilation, 2), numbers(padding, 2), numbers(stride, 2)))

// ---- automatic differentiation

// Returns the mode that held before.
EXPORT bool torch_set_grad_enabled(bool enabled) noexcept {
    const bool before = at::GradMode::is_enabled();
    at::GradMode::set_enabled(enabled);
    return before;
}
EXPORT bool torch_is_grad_enabled() noexcept { return at::GradMode::is_enabled(); }
ACTION(set_requires_grad, (Handle x, bool requires_grad), x->set_requires_grad(requires_grad))

// Null without an error where there is no gradient yet.
ACTION(grad, (Handle x, Handle* gradient), {
    const at::Tensor& current = x->grad();
    *gradient = current.defined() ? new at::Tensor(current) : nullptr;
})
ACTION(set_grad, (Handle x, Handle gradient), x->mutable_grad() = gradient ? *gradient : at::Tensor())

ACTION(backward,
       (const Handle* outputs, int32_t output_count, const Handle* gradients, int32_t gradient_count, bool retain_graph,
        bool create_graph, const Handle* inputs, int32_t input_count),
       torch::autograd::backward(tensors(outputs, output_count), tensors(gradients, gradient_count), retain_graph,
                                 create_graph, tensors(inputs, input_count)))

// Fills `results` with one handle for each input, null for an input that was not used.
ACTION(autograd_grad,
       (const Handle* outputs, int32_t output_count, const Handle* inputs, int32_t input_count, const Handle* gradients,
        int32_t gradient_count, bool retain_graph, bool create_graph, bool allow_unused, Handle* results),
       {
           const auto found =
               torch::autograd::grad(tensors(outputs, output_count), tensors(inputs, input_count),
                                     tensors(gradients, gradient_count), retain_graph, create_graph, allow_unused);
           for (int32_t i = 0; i < input_count; i++)
               results[i] = found[i].defined() ? new at::Tensor(found[i]) : nullptr;
       })
