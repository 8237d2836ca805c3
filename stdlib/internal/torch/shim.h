// What gotch's bindings lack or get wrong, in C. Tensors are gotch's handles.
// Each function returns NULL, or an error text that the caller frees.
#ifdef __cplusplus
extern "C" {
#endif

// Attention without a mask, of q, k and v of one shape [batch, heads, length, d]: gotch's binding passes an undefined
// mask, which libtorch refuses. The logarithm of each query's sum of exponentials is what the backward pass needs.
char *kairos_attention(void **out, void **logsum, void *q, void *k, void *v, int causal);
char *kairos_attention_backward(void **dq, void **dk, void **dv, void *dout, void *q, void *k, void *v, void *out,
                                void *logsum, int causal);

#ifdef __cplusplus
}
#endif
