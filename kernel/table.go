package kernel

import "context"

// channel is a socket on which requests come. They are flags.
type channel int

const (
	onShell channel = 1 << iota
	onControl
	onStdin
	onBoth = onShell | onControl
)

// order is when a request that came on the shell socket is answered. On other sockets all are answered at once.
type order int

const (
	queued order = iota // one after the other
	beside              // soon, also while a cell runs
	atOnce
)

// entry says how a type of request is handled. A do that returns nil sends no reply.
type entry struct {
	on    channel
	order order
	do    func(k *Kernel, ctx context.Context, r *request) any
}

// table lists what the kernel understands.
func table() map[string]entry {
	return map[string]entry{
		"execute_request":     {onShell, queued, (*Kernel).execute},
		"comm_open":           {onShell, beside, (*Kernel).commOpen},
		"comm_msg":            {onShell, beside, (*Kernel).commMessage},
		"comm_close":          {onShell, beside, (*Kernel).commClose},
		"kernel_info_request": {onBoth, beside, (*Kernel).info},
		"complete_request":    {onBoth, beside, (*Kernel).complete},
		"inspect_request":     {onBoth, beside, (*Kernel).inspect},
		"is_complete_request": {onBoth, beside, (*Kernel).isComplete},
		"history_request":     {onBoth, beside, (*Kernel).history},
		"comm_info_request":   {onBoth, beside, (*Kernel).commInfo},
		"connect_request":     {onBoth, beside, (*Kernel).connect},
		"interrupt_request":   {onBoth, atOnce, (*Kernel).interrupt},
		"shutdown_request":    {onBoth, atOnce, (*Kernel).shutdown},
		"input_reply":         {onStdin, atOnce, (*Kernel).inputReply},
		"debug_request":       {onControl, atOnce, (*Kernel).debug},
		// Subshells are not among our supported_features. Who asks for one all the same gets an answer.
		"create_subshell_request": {onControl, atOnce, (*Kernel).unsupported},
		"delete_subshell_request": {onControl, atOnce, (*Kernel).unsupported},
		"list_subshell_request":   {onControl, atOnce, (*Kernel).unsupported},
	}
}
