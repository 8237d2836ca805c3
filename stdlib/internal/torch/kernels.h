// What a layer does to each number, in one pass over memory where libtorch's own operations take several. Matrices are
// row-major float32.
#include <stddef.h>
#include <stdint.h>

// y = w · x / √(mean(x²) + eps), of each row of n numbers.
void kairos_rms_norm(float *y, const float *x, const float *w, ptrdiff_t rows, ptrdiff_t n, float eps);

// The gradient of kairos_rms_norm: adds to dx and dw.
void kairos_rms_norm_backward(float *dx, float *dw, const float *dy, const float *x, const float *w, ptrdiff_t rows,
                              ptrdiff_t n, float eps);

// Turns the pairs (x[i], x[i+half]) of each head of each row by that row's angles, in place.
void kairos_rotate(float *x, const float *cos, const float *sin, ptrdiff_t rows, ptrdiff_t heads, ptrdiff_t half);

// p = silu(gate) · up.
void kairos_swiglu(float *p, const float *gate, const float *up, ptrdiff_t n);

// The gradient of kairos_swiglu, in place: dp becomes p, gate and up become their gradients.
void kairos_swiglu_backward(float *dp, float *gate, float *up, ptrdiff_t n);

// −log softmax(logits)[target] of each row, and the column of its largest logit. Where scale is not 0, logits become
// the gradient of scale times the sum of these.
void kairos_cross_entropy(float *logits, const int64_t *targets, float *loss, int32_t *best, ptrdiff_t rows,
                          ptrdiff_t n, float scale);

// y = x · wᵀ for x of [8·eights, in], w of [outs, in] and y of [8·eights, stride], of which outs columns are written:
// products of few rows, which are as fast as w can be read.
void kairos_few_rows(float *y, const float *x, const float *w, ptrdiff_t eights, ptrdiff_t outs, ptrdiff_t in,
                     ptrdiff_t stride);

// One step of AdamW on n weights p, with gradients g and moments m and v: step is the rate over the first moment's
// correction, scale the root of that of the second, turned over.
void kairos_adamw(float *p, const float *g, float *m, float *v, ptrdiff_t n, float decay, float b1, float b2, float step,
                  float scale, float eps);
