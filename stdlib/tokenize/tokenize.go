// Package tokenize turns text into the token ids a model was trained with, and
// back. Ids are those of the reference (Hugging Face tokenizers 0.23), which
// the tests check on thousands of texts.
//
//   - Tokenizer is what all of them do: Encode, Decode, VocabSize.
//   - BPE is byte-pair encoding: over bytes, as GPT-2, SmolLM2, Llama 3 and Qwen2
//     have it, or SentencePiece's over characters, as Llama 2, TinyLlama and
//     Mistral have it. FromDirectory takes it out of a model's directory,
//     FromGGUF out of a model's file; NewBPE builds one from a vocabulary and
//     merges; NewBytes is the plainest one there is. WriteFiles writes it for
//     transformers and for FromDirectory.
//   - Chat lays out the messages of a chat by the model's chat template.
//   - WordPiece is the tokenizer of uncased BERT encoders such as
//     all-MiniLM-L6-v2. LoadWordPiece reads a model directory; NewWordPiece
//     builds one from a vocabulary.
//   - Dialogue lays out the turns of a training example as the paper does, or by
//     the chat template: a Sequence of ids and of labels that say where the loss
//     counts.
//
// Tokenizers are safe for concurrent use, and fast enough that nothing needs to
// be cached by the caller. Training a vocabulary, SentencePiece's own files and
// its unigram models, cased BERT, tools in chats, offsets into the text and
// padding are left out.
package tokenize

// Tokenizer turns text into ids and back.
type Tokenizer interface {
	// Encode returns the ids of text. Special tokens that occur in the text,
	// such as <|im_end|> or [MASK], become their own ids.
	Encode(text string) []int32
	// Decode returns the text of ids, special tokens included. Ids that are
	// not in the vocabulary are left out.
	Decode(ids []int32) string
	// VocabSize returns the number of ids: they are 0 … VocabSize()-1.
	VocabSize() int
}
