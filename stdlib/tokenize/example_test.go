package tokenize_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"kairos/stdlib/tokenize"
)

// A vocabulary small enough to follow: Ġ is how byte-level vocabularies write a
// space.
func lower() *tokenize.BPE {
	t, err := tokenize.NewBPE(tokenize.BPEConfig{
		Tokens: strings.Fields("<bos> <eos> l o w e r Ġ lo low er Ġlow"),
		Merges: []string{"l o", "lo w", "e r", "Ġ low"},
		BOS:    "<bos>",
		EOS:    "<eos>",
	})
	if err != nil {
		panic(err)
	}
	return t
}

func ExampleNewBPE() {
	t := lower()
	ids := t.Encode("lower low<eos>")
	fmt.Println(ids)
	for _, id := range ids {
		fmt.Printf("%q ", t.Decode([]int32{id}))
	}
	// Output:
	// [9 10 11 1]
	// "low" "er" " low" "<eos>"
}

func ExampleBPE_Encode() {
	// "wolo" is w, then lo, the only pair that is in the list of merges.
	fmt.Println(lower().Encode("owlo"))
	// Output: [3 4 8]
}

func ExampleBPE_Decode() {
	fmt.Printf("%q\n", lower().Decode([]int32{0, 9, 10, 11, 1}))
	// Output: "<bos>lower low<eos>"
}

func ExampleBPE_TokenID() {
	id, ok := lower().TokenID("Ġlow")
	fmt.Println(id, ok)
	_, ok = lower().TokenID("high")
	fmt.Println(ok)
	// Output:
	// 11 true
	// false
}

func ExampleNewBytes() {
	t := tokenize.NewBytes()
	fmt.Println(t.Encode("hé<eos>"), t.VocabSize())
	// Output: [104 195 169 257] 258
}

func ExampleFromGGUF() {
	_, err := tokenize.FromGGUF("missing.gguf")
	fmt.Println(err)
	// Output: tokenize: gguf: open missing.gguf: no such file or directory
}

func ExampleFromDirectory() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	_, err = tokenize.FromDirectory(dir)
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	if err := lower().WriteFiles(dir); err != nil {
		panic(err)
	}
	t, err := tokenize.FromDirectory(dir)
	if err != nil {
		panic(err)
	}
	fmt.Println(t.Encode("lower low<eos>"))
	// Output:
	// true
	// [9 10 11 1]
}

func ExampleBPE_WriteFiles() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := lower().WriteFiles(dir); err != nil {
		panic(err)
	}
	config, err := os.ReadFile(dir + "/tokenizer_config.json")
	if err != nil {
		panic(err)
	}
	fmt.Print(string(config))
	// Output:
	// {
	//   "tokenizer_class": "PreTrainedTokenizerFast",
	//   "clean_up_tokenization_spaces": false,
	//   "bos_token": "<bos>",
	//   "eos_token": "<eos>"
	// }
}

// A chat template in the manner of TinyLlama's.
const template = `{{ bos_token }}
{%- for message in messages %}
    {{- '\n<|' + message.role + '|> ' + message.content + eos_token }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '\n<|assistant|>' }}
{%- endif %}`

func ExampleBPE_WithChat() {
	t, err := tokenize.NewBytes().WithChat(template)
	if err != nil {
		panic(err)
	}
	fmt.Println(t.ChatTemplate() == template, tokenize.NewBytes().ChatTemplate() == "")
	_, err = t.WithChat("{% for m in messages %}{{ m.content }")
	fmt.Println(err)
	// Output:
	// true true
	// tokenize: with chat: chat template: line 1: a tag does not end with }}
}

func ExampleBPE_ChatTemplate() {
	fmt.Printf("%q\n", tokenize.NewBytes().ChatTemplate())
	// Output: ""
}

func ExampleBPE_Chat() {
	t, err := tokenize.NewBytes().WithChat(template)
	if err != nil {
		panic(err)
	}
	messages := []tokenize.Message{{Role: "system", Content: "Be brief."}, {Role: "user", Content: "1+1?"}}
	text, err := t.Chat(messages, tokenize.ChatConfig{Prompt: true})
	if err != nil {
		panic(err)
	}
	fmt.Println(text)
	fmt.Println(len(t.Encode(text)))
	// Output:
	// <bos>
	// <|system|> Be brief.<eos>
	// <|user|> 1+1?<eos>
	// <|assistant|>
	// 52
}

func ExampleNewWordPiece() {
	t, err := tokenize.NewWordPiece(strings.Fields("[PAD] [UNK] [CLS] [SEP] play ##ing ##ed chess , cafe"))
	if err != nil {
		panic(err)
	}
	ids := t.Encode("Playing chess, played CAFÉ go")
	fmt.Println(ids)
	fmt.Println(t.Decode(ids))
	// Output:
	// [2 4 5 7 8 4 6 9 1 3]
	// [CLS] playing chess, played cafe [UNK] [SEP]
}

func ExampleWordPiece_EncodeMax() {
	t, err := tokenize.NewWordPiece(strings.Fields("[UNK] [CLS] [SEP] one two three"))
	if err != nil {
		panic(err)
	}
	fmt.Println(t.EncodeMax("one two three", 4))
	// Output: [1 3 4 2]
}

func ExampleLoadWordPiece() {
	_, err := tokenize.LoadWordPiece("no/such/model")
	fmt.Println(err)
	// Output: tokenize: load WordPiece: no/such/model has neither tokenizer.json nor vocab.txt
}

func ExampleDialogue() {
	t, err := tokenize.NewBPE(tokenize.BPEConfig{
		Tokens: strings.Split("<bos> <eos> U s e r : Ġ Ċ A i t a n 1 + 2", " "),
		BOS:    "<bos>",
		EOS:    "<eos>",
	})
	if err != nil {
		panic(err)
	}
	seq, err := tokenize.Dialogue(t, []string{"1+1", "2"}, tokenize.DialogueConfig{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%q\n", t.Decode(seq.IDs))
	fmt.Println(seq.IDs)
	fmt.Println(seq.Labels)
	// Output:
	// "<bos>User: 1+1\nAssistant: 2<eos>"
	// [0 2 3 4 5 6 7 14 15 14 8 9 3 3 10 3 11 12 13 11 6 7 16 1]
	// [-100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 -100 16 1]
}

func ExampleDialogue_chat() {
	t, err := tokenize.NewBytes().WithChat(template)
	if err != nil {
		panic(err)
	}
	seq, err := tokenize.Dialogue(t, []string{"1+1?", "2"}, tokenize.DialogueConfig{Chat: true})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%q\n", t.Decode(seq.IDs))
	for i, label := range seq.Labels {
		if label != tokenize.Ignore {
			fmt.Printf("%d is %q\n", i, t.Decode(seq.IDs[i:i+1]))
		}
	}
	// Output:
	// "<bos>\n<|user|> 1+1?<eos>\n<|assistant|> 2<eos>"
	// 30 is " "
	// 31 is "2"
	// 32 is "<eos>"
}
