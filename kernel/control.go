package kernel

import (
	"context"
)

// interrupt answers interrupt_request.
func (k *Kernel) interrupt(context.Context, *request) any {
	k.Interrupt()
	return map[string]any{"status": "ok"}
}

// shutdown answers shutdown_request, tells everybody, and has Serve return.
func (k *Kernel) shutdown(_ context.Context, r *request) any {
	var q struct {
		Restart bool `json:"restart"`
	}
	r.read(&q) // what cannot be read is a shutdown too
	content := struct {
		Status  string `json:"status"`
		Restart bool   `json:"restart"`
	}{"ok", q.Restart}
	k.reply(r, content)
	k.iopub.publish("shutdown_reply", r, content)
	k.stop()
	return nil
}

// debug answers debug_request: there is no debugger, as kernel_info says.
func (k *Kernel) debug(_ context.Context, r *request) any {
	var q struct {
		Seq     int    `json:"seq"`
		Command string `json:"command"`
	}
	r.read(&q)
	return map[string]any{
		"type": "response", "request_seq": q.Seq, "seq": 0, "success": false, "command": q.Command,
		"message": "this kernel has no debugger", "body": map[string]any{},
	}
}

// unsupported answers what the kernel said that it does not support.
func (k *Kernel) unsupported(_ context.Context, r *request) any {
	return failed("NotSupported", "kairos kernel: "+r.Header.Type+" is not supported")
}
