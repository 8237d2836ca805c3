#include "kernels.h"

#include <math.h>
#include <string.h>

#pragma GCC optimize("O3", "no-math-errno", "no-trapping-math")

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// What the loops share is compiled anew for each of the processors that CLONES names.
#define SHARED static inline __attribute__((always_inline))

enum { lanes = 16 }; // partial sums, so that adding up becomes vector code

// e^x to two units in the last place, for x up to 88; 0 below −87. Written so that it becomes vector code: x = k·ln 2 + r,
// a polynomial in r, and k added to the exponent.
SHARED float exponential(float x) {
	x = x > 88.0f ? 88.0f : x; // a NaN stays one
	float low = x < -87.0f ? 0.0f : 1.0f;
	x = x < -87.0f ? -87.0f : x;
	float k = x * 1.44269504088896341f + 12582912.0f; // 1.5·2²³: what is added rounds to a whole number
	int32_t bits;
	memcpy(&bits, &k, sizeof bits);
	k -= 12582912.0f;
	float r = x - k * 0.693145751953125f - k * 1.42860682030941723e-6f;
	float p = 1.0f / 5040;
	p = p * r + 1.0f / 720;
	p = p * r + 1.0f / 120;
	p = p * r + 1.0f / 24;
	p = p * r + 1.0f / 6;
	p = p * r + 0.5f;
	p = p * r + 1.0f;
	p = p * r + 1.0f;
	int32_t exponent = (bits << 23) + 0x3f800000;
	float scale;
	memcpy(&scale, &exponent, sizeof scale);
	return p * scale * low;
}

// √x to two units in the last place, for x from 0 on. A call of sqrtf would keep a loop from becoming vector code, for
// errno's sake: so 1/√x is guessed from the bits and improved by Newton's method.
SHARED float root(float x) {
	int32_t bits;
	memcpy(&bits, &x, sizeof bits);
	bits = 0x5f3759df - (bits >> 1);
	float y;
	memcpy(&y, &bits, sizeof y);
	for (int i = 0; i < 3; i++)
		y *= 1.5f - 0.5f * x * y * y;
	return x * y;
}

SHARED float sum(const float *part) {
	float total = 0;
	for (int i = 0; i < lanes; i++)
		total += part[i];
	return total;
}

// Every loop over a row has a body of whole vectors and a tail.
#define DOT(name, term)                                                                                                \
	SHARED float name(const float *a, const float *b, const float *c, ptrdiff_t n) {                            \
		float part[lanes] = {0};                                                                                       \
		ptrdiff_t i = 0;                                                                                               \
		(void)b, (void)c;                                                                                              \
		for (; i + lanes <= n; i += lanes)                                                                             \
			for (int j = 0; j < lanes; j++)                                                                            \
				part[j] += term(i + j);                                                                                \
		for (; i < n; i++)                                                                                             \
			part[0] += term(i);                                                                                        \
		return sum(part);                                                                                              \
	}
#define SQUARE(i) a[i] * a[i]
#define TRIPLE(i) a[i] * b[i] * c[i]
DOT(squares, SQUARE)
DOT(products, TRIPLE)

CLONES
void kairos_rms_norm(float *restrict y, const float *restrict x, const float *restrict w, ptrdiff_t rows, ptrdiff_t n,
                     float eps) {
	for (; rows > 0; rows--, x += n, y += n) {
		float scale = 1 / sqrtf(squares(x, x, x, n) / n + eps);
		for (ptrdiff_t i = 0; i < n; i++)
			y[i] = w[i] * (x[i] * scale);
	}
}

CLONES
void kairos_rms_norm_backward(float *restrict dx, float *restrict dw, const float *restrict dy, const float *restrict x,
                              const float *restrict w, ptrdiff_t rows, ptrdiff_t n, float eps) {
	for (; rows > 0; rows--, x += n, dx += n, dy += n) {
		float scale = 1 / sqrtf(squares(x, x, x, n) / n + eps);
		float pull = products(dy, x, w, n) / n * scale * scale * scale;
		for (ptrdiff_t i = 0; i < n; i++) {
			dw[i] += dy[i] * (x[i] * scale);
			dx[i] += dy[i] * w[i] * scale - x[i] * pull;
		}
	}
}

CLONES
void kairos_rotate(float *restrict x, const float *restrict cos, const float *restrict sin, ptrdiff_t rows,
                   ptrdiff_t heads, ptrdiff_t half) {
	for (; rows > 0; rows--, cos += half, sin += half)
		for (ptrdiff_t h = 0; h < heads; h++, x += 2 * half)
			for (ptrdiff_t i = 0; i < half; i++) {
				float a = x[i], b = x[half + i];
				x[i] = a * cos[i] - b * sin[i];
				x[half + i] = b * cos[i] + a * sin[i];
			}
}

CLONES
void kairos_swiglu(float *restrict p, const float *restrict gate, const float *restrict up, ptrdiff_t n) {
	for (ptrdiff_t i = 0; i < n; i++)
		p[i] = gate[i] / (1 + exponential(-gate[i])) * up[i];
}

CLONES
void kairos_swiglu_backward(float *restrict dp, float *restrict gate, float *restrict up, ptrdiff_t n) {
	for (ptrdiff_t i = 0; i < n; i++) {
		float g = gate[i], u = up[i], d = dp[i];
		float sigmoid = 1 / (1 + exponential(-g)), silu = g * sigmoid;
		dp[i] = silu * u;
		up[i] = d * silu;
		gate[i] = d * u * (sigmoid + silu * (1 - sigmoid));
	}
}

SHARED float largest(const float *x, ptrdiff_t n) {
	float part[lanes];
	for (int j = 0; j < lanes; j++)
		part[j] = x[0];
	ptrdiff_t i = 0;
	for (; i + lanes <= n; i += lanes)
		for (int j = 0; j < lanes; j++)
			part[j] = part[j] > x[i + j] ? part[j] : x[i + j];
	for (; i < n; i++)
		part[0] = part[0] > x[i] ? part[0] : x[i];
	for (int j = 1; j < lanes; j++)
		part[0] = part[0] > part[j] ? part[0] : part[j];
	return part[0];
}

SHARED float exponentials(const float *x, ptrdiff_t n, float top) {
	float part[lanes] = {0};
	ptrdiff_t i = 0;
	for (; i + lanes <= n; i += lanes)
		for (int j = 0; j < lanes; j++)
			part[j] += exponential(x[i + j] - top);
	for (; i < n; i++)
		part[0] += exponential(x[i] - top);
	return sum(part);
}

CLONES
void kairos_cross_entropy(float *restrict logits, const int64_t *restrict targets, float *restrict loss,
                          int32_t *restrict best, ptrdiff_t rows, ptrdiff_t n, float scale) {
	for (ptrdiff_t r = 0; r < rows; r++, logits += n) {
		float top = largest(logits, n), total = exponentials(logits, n, top);
		ptrdiff_t at = 0;
		while (at < n - 1 && logits[at] != top) // a NaN is never found
			at++;
		best[r] = at;
		loss[r] = logf(total) - (logits[targets[r]] - top);
		if (scale == 0)
			continue;
		for (ptrdiff_t i = 0; i < n; i++)
			logits[i] = exponential(logits[i] - top) * (scale / total);
		logits[targets[r]] -= scale;
	}
}

// A vector as wide as the widest registers; on others the compiler makes several of it.
typedef float vector __attribute__((vector_size(4 * lanes), aligned(4), may_alias));

// Eight rows of x against two of w.
SHARED void eight_by_two(float *restrict y, const float *restrict x, const float *restrict w0, const float *restrict w1,
                         ptrdiff_t in, ptrdiff_t stride) {
	vector a[8] = {0}, b[8] = {0};
	ptrdiff_t i = 0;
	for (; i + lanes <= in; i += lanes) {
		vector v0 = *(const vector *)(w0 + i), v1 = *(const vector *)(w1 + i);
#pragma GCC unroll 8
		for (int r = 0; r < 8; r++) {
			vector u = *(const vector *)(x + r * in + i);
			a[r] += u * v0;
			b[r] += u * v1;
		}
	}
#pragma GCC unroll 8
	for (int r = 0; r < 8; r++) {
		float first = 0, second = 0;
		for (int j = 0; j < lanes; j++) {
			first += a[r][j];
			second += b[r][j];
		}
		for (ptrdiff_t k = i; k < in; k++) {
			first += x[r * in + k] * w0[k];
			second += x[r * in + k] * w1[k];
		}
		y[r * stride] = first;
		if (w1 != w0)
			y[r * stride + 1] = second;
	}
}

CLONES
void kairos_few_rows(float *restrict y, const float *restrict x, const float *restrict w, ptrdiff_t eights,
                     ptrdiff_t outs, ptrdiff_t in, ptrdiff_t stride) {
	enum { block = 16 }; // rows of w that stay in cache for all of x
	for (ptrdiff_t at = 0; at < outs; at += block)
		for (ptrdiff_t e = 0; e < eights; e++)
			for (ptrdiff_t o = at; o < at + block && o < outs; o += 2)
				eight_by_two(y + 8 * e * stride + o, x + 8 * e * in, w + o * in, w + (o + 1 < outs ? o + 1 : o) * in, in,
				             stride);
}

CLONES
void kairos_adamw(float *restrict p, const float *restrict g, float *restrict m, float *restrict v, ptrdiff_t n,
                  float decay, float b1, float b2, float step, float scale, float eps) {
	for (ptrdiff_t i = 0; i < n; i++) {
		m[i] += (g[i] - m[i]) * (1 - b1);
		v[i] = v[i] * b2 + g[i] * g[i] * (1 - b2);
		p[i] = p[i] * decay - step * m[i] / (root(v[i]) * scale + eps);
	}
}
