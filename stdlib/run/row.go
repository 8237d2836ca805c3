package run

import (
	"encoding/json"

	"kairos/stdlib/train"
)

// Row is a step of a run, and a line of metrics.jsonl:
//
//	{"step":10,"train_loss":2.5,"lr":1e-5,"grad_norm":3.1,"tokens":2048,"seconds":19.2,"unseen_loss":3.1,"unseen_loss_by_task":{"qa":3.1}}
//
// Step 0 is the model before it is trained, and has no entries of training; the last two are there
// where the model was evaluated after the step.
type Row struct {
	Step      int
	TrainLoss float64 // mean over the label tokens of the batch, before its update, in nats
	LR        float64 // learning rate of the update
	GradNorm  float64 // Euclidean norm of the gradient, before it was clipped
	Tokens    int     // run in the step, prompts included
	Seconds   float64 // wall time of the step, without the evaluation

	Evaluated    bool
	UnseenLoss   float64            // mean over the unseen examples of each one's mean loss, in nats
	UnseenByTask map[string]float64 // the same over the examples of each task
}

func rowOf(s train.Step) *Row {
	return &Row{Step: s.Step, TrainLoss: s.Loss, LR: s.LR, GradNorm: s.GradNorm, Tokens: s.Tokens, Seconds: s.Seconds}
}

// line is a row as JSON. What does not apply is nil, and left out: a loss may be 0.
type line struct {
	Step         int                `json:"step"`
	TrainLoss    *float64           `json:"train_loss,omitempty"`
	LR           *float64           `json:"lr,omitempty"`
	GradNorm     *float64           `json:"grad_norm,omitempty"`
	Tokens       int                `json:"tokens"`
	Seconds      float64            `json:"seconds"`
	UnseenLoss   *float64           `json:"unseen_loss,omitempty"`
	UnseenByTask map[string]float64 `json:"unseen_loss_by_task,omitempty"`
}

// MarshalJSON makes a line of metrics.jsonl.
func (r Row) MarshalJSON() ([]byte, error) {
	l := line{Step: r.Step, Tokens: r.Tokens, Seconds: r.Seconds}
	if r.Step > 0 {
		l.TrainLoss, l.LR, l.GradNorm = &r.TrainLoss, &r.LR, &r.GradNorm
	}
	if r.Evaluated {
		l.UnseenLoss, l.UnseenByTask = &r.UnseenLoss, r.UnseenByTask
	}
	return json.Marshal(l)
}

// UnmarshalJSON reads a line of metrics.jsonl.
func (r *Row) UnmarshalJSON(text []byte) error {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	*r = Row{Step: l.Step, Tokens: l.Tokens, Seconds: l.Seconds, Evaluated: l.UnseenLoss != nil, UnseenByTask: l.UnseenByTask}
	for _, f := range []struct {
		to   *float64
		from *float64
	}{{&r.TrainLoss, l.TrainLoss}, {&r.LR, l.LR}, {&r.GradNorm, l.GradNorm}, {&r.UnseenLoss, l.UnseenLoss}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	return nil
}
