// What gotch's bindings lack or get wrong, in C. Tensors are gotch's handles.
// Each function returns NULL, or an error text that the caller frees.
#ifdef __cplusplus
extern "C" {
#endif

// Attention without a mask: gotch's binding passes an undefined mask, which libtorch refuses.
char *kairos_attention(void **out, void *q, void *k, void *v, int causal);

#ifdef __cplusplus
}
#endif
