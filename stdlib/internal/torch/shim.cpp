#include "shim.h"

#include <cstring>
#include <exception>

#include <ATen/ops/_scaled_dot_product_flash_attention.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_backward.h>

static const at::Tensor &tensor(void *handle) { return *static_cast<at::Tensor *>(handle); }

template <class F> static char *guarded(F f) {
	try {
		f();
		return nullptr;
	} catch (const std::exception &e) {
		return strdup(e.what());
	}
}

char *kairos_attention(void **out, void **logsum, void *q, void *k, void *v, int causal) {
	return guarded([&] {
		auto result = at::_scaled_dot_product_flash_attention(tensor(q), tensor(k), tensor(v), 0.0, causal != 0);
		*out = new at::Tensor(std::get<0>(result));
		*logsum = new at::Tensor(std::get<1>(result));
	});
}

char *kairos_attention_backward(void **dq, void **dk, void **dv, void *dout, void *q, void *k, void *v, void *out,
                                void *logsum, int causal) {
	return guarded([&] {
		auto length = tensor(q).size(2);
		auto result = at::_scaled_dot_product_flash_attention_backward(
			tensor(dout), tensor(q), tensor(k), tensor(v), tensor(out), tensor(logsum), at::Tensor(), at::Tensor(), length,
			length, 0.0, causal != 0, at::Tensor(), at::Tensor());
		*dq = new at::Tensor(std::get<0>(result));
		*dk = new at::Tensor(std::get<1>(result));
		*dv = new at::Tensor(std::get<2>(result));
	});
}
