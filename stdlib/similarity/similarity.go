// Package similarity measures how far training examples are from unseen ones, given an embedding of
// each as a row of a matrix, or the texts themselves. It is pure Go.
//
//	Cosine     train × test distances, −cos of each pair
//	Euclidean  train × test distances, the length of each difference
//	WSD        one score per training row from its distances: the paper's weighted similarity distance
//	Transport  the exact optimal transport from distances, and each row's share of its cost; Sinkhorn
//	           the entropic one, which is faster
//	NGramKL    one score per training text: how far its n-grams are from those of the test texts
//	Prefixes   how near each prefix of an arrangement has come to every unseen task; PrefixKL by n-grams
//	FitPCA     the plane to draw embeddings on
//
// LazyCosine and LazyEuclidean give the distances a block of rows at a time, which suffices for WSD,
// and for arrange.TMA: a matrix that memory has no room for, from vectors that lie in a file.
// RowTerms and Weigh are the halves of WSD, for rows that are measured in several places.
//
// Smaller is nearer throughout. What to do with scores and distances is package arrange.
package similarity
