package torch

/*
#include <math.h>
#include <stddef.h>

#pragma GCC optimize("O3")

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#include <immintrin.h>
#define CLONES __attribute__((target_clones("avx2", "default")))
#else
#define CLONES
#endif

// A call of sqrtf keeps a loop from becoming vector code, for errno's sake.
static void roots(float *x, ptrdiff_t n) {
	ptrdiff_t i = 0;
#ifdef __SSE2__
	for (; i + 4 <= n; i += 4)
		_mm_storeu_ps(x + i, _mm_sqrt_ps(_mm_loadu_ps(x + i)));
#endif
	for (; i < n; i++)
		x[i] = sqrtf(x[i]);
}

CLONES
void kairos_adamw(float *restrict p, const float *restrict g, float *restrict m, float *restrict v, ptrdiff_t n,
                  float decay, float b1, float b2, float step, float scale, float eps) {
	enum { block = 1024 };
	float root[block];
	for (ptrdiff_t at = 0; at < n; at += block) {
		ptrdiff_t len = n - at < block ? n - at : block;
		float *restrict pa = p + at, *restrict ma = m + at, *restrict va = v + at;
		const float *restrict ga = g + at;
		for (ptrdiff_t i = 0; i < len; i++) {
			ma[i] += (ga[i] - ma[i]) * (1 - b1);
			va[i] = va[i] * b2 + ga[i] * ga[i] * (1 - b2);
			root[i] = va[i];
		}
		roots(root, len);
		for (ptrdiff_t i = 0; i < len; i++)
			pa[i] = pa[i] * decay - step * ma[i] / (root[i] * scale + eps);
	}
}
*/
import "C"

import (
	"math"
	"runtime"
	"sync"
)

// AdamW holds the numbers of one optimiser step.
type AdamW struct {
	LR, Beta1, Beta2, Eps, WeightDecay float64
	Step                               int // counted from 1
}

// Update applies one AdamW step (Loshchilov & Hutter 2019, decoupled decay, as
// torch.optim.AdamW) to weights p with gradient g and moments m and v, all of
// one length and in one pass over memory, on all cores.
func (a AdamW) Update(p, g, m, v []float32) {
	correct1 := 1 - math.Pow(a.Beta1, float64(a.Step))
	correct2 := 1 - math.Pow(a.Beta2, float64(a.Step))
	const chunk = 1 << 18 // floats: large enough to hide the call, small enough to share
	var wg sync.WaitGroup
	turns := make(chan int)
	for range min(runtime.GOMAXPROCS(0), (len(p)+chunk-1)/chunk) {
		wg.Go(func() {
			for lo := range turns {
				hi := min(lo+chunk, len(p))
				C.kairos_adamw(floats(p[lo:hi]), floats(g[lo:hi]), floats(m[lo:hi]), floats(v[lo:hi]), C.ptrdiff_t(hi-lo),
					C.float(1-a.LR*a.WeightDecay), C.float(a.Beta1), C.float(a.Beta2),
					C.float(a.LR/correct1), C.float(1/math.Sqrt(correct2)), C.float(a.Eps))
			}
		})
	}
	for lo := 0; lo < len(p); lo += chunk {
		turns <- lo
	}
	close(turns)
	wg.Wait()
}
