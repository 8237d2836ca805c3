#include "shim.h"

#include <cstring>
#include <exception>

#include <ATen/ops/scaled_dot_product_attention.h>

static const at::Tensor &tensor(void *handle) { return *static_cast<at::Tensor *>(handle); }

template <class F> static char *guarded(F f) {
	try {
		f();
		return nullptr;
	} catch (const std::exception &e) {
		return strdup(e.what());
	}
}

char *kairos_attention(void **out, void *q, void *k, void *v, int causal) {
	return guarded([&] {
		*out = new at::Tensor(at::scaled_dot_product_attention(tensor(q), tensor(k), tensor(v), {}, 0.0, causal != 0));
	});
}
