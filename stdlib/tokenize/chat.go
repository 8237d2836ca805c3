package tokenize

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ardanlabs/jinja"
)

// Message is one turn of a chat.
type Message struct {
	Role    string `json:"role"` // as the template names them: "system", "user", "assistant"
	Content string `json:"content"`
}

// ChatConfig says how a chat ends.
type ChatConfig struct {
	Prompt bool // with the words after which the assistant answers (add_generation_prompt)
}

// Chat returns the text of a chat as the model's chat template writes it: what
// apply_chat_template of transformers returns, special tokens included, so that
// Encode of it gives the ids. Templates are in Jinja; they see the messages, the
// special tokens by name (bos_token, …), no tools and no documents. A template
// may ask for the date (Llama 3.2's does), and then writes another text tomorrow.
// A tokenizer without a template and a chat that the template refuses are errors.
func (t *BPE) Chat(messages []Message, cfg ChatConfig) (string, error) {
	if err := t.chatReady(); err != nil {
		return "", fmt.Errorf("tokenize: chat: %w", err)
	}
	text, err := t.render(t.chat.plain, messages, cfg.Prompt)
	if err != nil {
		return "", fmt.Errorf("tokenize: chat: %w", err)
	}
	return text, nil
}

// ChatTemplate returns the chat template, in Jinja, or "" without one.
func (t *BPE) ChatTemplate() string {
	if t.chat == nil {
		return ""
	}
	return t.chat.source
}

// WithChat returns the tokenizer with another chat template, in Jinja; "" is none.
// WriteFiles writes it too.
func (t *BPE) WithChat(template string) (*BPE, error) {
	other := *t
	other.chat = nil
	if template != "" {
		other.chat = parseChat(template)
	}
	if err := other.chat.problem(); err != nil {
		return nil, fmt.Errorf("tokenize: with chat: %w", err)
	}
	return &other, nil
}

// chatTemplate is a template ready to be rendered.
type chatTemplate struct {
	source string
	plain  *jinja.Template
	marked *jinja.Template // prints marks around what the assistant writes; nil where the template does not say what that is
	err    error           // why it cannot be rendered: a model whose template is beyond us has its uses
}

func parseChat(source string) *chatTemplate {
	chat := &chatTemplate{source: source}
	var marked bool
	if chat.plain, marked, chat.err = compileJinja(source, false); marked && chat.err == nil {
		chat.marked, _, chat.err = compileJinja(source, true)
	}
	return chat
}

func compileJinja(source string, mark bool) (template *jinja.Template, marked bool, err error) {
	rewritten, marked, err := rewriteJinja(source, mark)
	if err == nil {
		template, err = jinja.Compile(rewritten)
	}
	if err != nil {
		return nil, false, fmt.Errorf("chat template: %w", err)
	}
	return template, marked, nil
}

// problem returns why the template, if there is one, cannot be rendered.
func (c *chatTemplate) problem() error {
	if c == nil {
		return nil
	}
	return c.err
}

// chatReady returns why chats cannot be written.
func (t *BPE) chatReady() error {
	if t.chat == nil {
		return errors.New("the tokenizer has no chat template (WithChat gives it one)")
	}
	return t.chat.err
}

func (t *BPE) render(template *jinja.Template, messages []Message, prompt bool) (string, error) {
	list := make([]jinja.Value, len(messages))
	for i, m := range messages {
		list[i] = jinja.NewDict()
		list[i].AsDict().Set("role", jinja.NewString(m.Role))
		list[i].AsDict().Set("content", jinja.NewString(m.Content))
	}
	values := map[string]jinja.Value{
		"messages": jinja.NewList(list), "add_generation_prompt": jinja.NewBool(prompt),
		"tools": jinja.None(), "documents": jinja.None(),
	}
	for name, token := range t.template {
		values[name] = jinja.NewString(token)
	}
	text, err := template.RenderValues(values)
	if err != nil {
		return "", fmt.Errorf("chat template: %w", err)
	}
	return text, nil
}

// span is a part of a text.
type span struct{ start, end int }

// answers returns the text of a chat and what of it the assistant writes.
func (t *BPE) answers(messages []Message) (string, []span, error) {
	if err := t.chatReady(); err != nil {
		return "", nil, err
	}
	if t.chat.marked != nil {
		return t.markedAnswers(messages)
	}
	text, err := t.render(t.chat.plain, messages, false)
	if err != nil {
		return "", nil, err
	}
	var spans []span
	for i, m := range messages {
		if m.Role != "assistant" {
			continue
		}
		start, err := t.lengthAt(text, messages[:i], true)
		if err != nil {
			return "", nil, err
		}
		end, err := t.lengthAt(text, messages[:i+1], false)
		if err != nil {
			return "", nil, err
		}
		spans = append(spans, span{start, start + len(t.turn(text[start:max(start, end)]))})
	}
	return text, spans, nil
}

// lengthAt returns the length of the text of the first messages of a chat, which
// has to be the beginning of the text of the whole.
func (t *BPE) lengthAt(whole string, messages []Message, prompt bool) (int, error) {
	text, err := t.render(t.chat.plain, messages, prompt)
	if err != nil {
		return 0, err
	}
	if !strings.HasPrefix(whole, text) {
		return 0, fmt.Errorf("chat template: message %d is written otherwise once the chat goes on, so that answers cannot be told from the rest (generation blocks in the template would tell)", len(messages))
	}
	return len(text), nil
}

// turn returns a turn without the white space that templates put after its last
// special token, the one that ends it.
func (t *BPE) turn(text string) string {
	end := 0
	for rest := text; ; {
		_, _, after, found := t.added.cut(rest)
		if !found {
			break
		}
		end, rest = len(text)-len(after), after
	}
	if end > 0 && strings.TrimSpace(text[end:]) == "" {
		return text[:end]
	}
	return text
}

// markedAnswers is answers for a template that says what the assistant writes.
func (t *BPE) markedAnswers(messages []Message) (string, []span, error) {
	for i, m := range messages {
		if strings.Contains(m.Content, answerBegins) || strings.Contains(m.Content, answerEnds) {
			return "", nil, fmt.Errorf("message %d holds U+FDD0 or U+FDD1, which are no characters", i)
		}
	}
	text, err := t.render(t.chat.marked, messages, false)
	if err != nil {
		return "", nil, err
	}
	var plain strings.Builder
	var spans []span
	for {
		before, rest, found := strings.Cut(text, answerBegins)
		plain.WriteString(before)
		if !found {
			return plain.String(), spans, nil
		}
		answer, after, _ := strings.Cut(rest, answerEnds)
		start := plain.Len()
		plain.WriteString(answer)
		spans, text = append(spans, span{start, plain.Len()}), after
	}
}
