// Package similarity measures how far training examples are from unseen ones, given an embedding of
// each as a row of a matrix. It is pure Go.
//
//	Cosine  train × test distances, −cos of each pair
//	WSD     one score per training row from its distances: the paper's weighted similarity distance
//
// Smaller is nearer throughout. Not here yet: Euclidean distance, optimal transport, n-gram
// divergence, and measures of the prefixes of an arrangement. What to do with scores and distances
// is package arrange.
package similarity
