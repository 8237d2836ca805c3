package cell_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"kairos/stdlib/cell"
)

func ExampleContext() {
	fmt.Println(cell.Context().Err())
	// Output: <nil>
}

func ExampleCheck() {
	_, err := fmt.Sscan("12", new(int))
	cell.Check(err) // err is nil: nothing happens
	fmt.Println("still here")
	// Output: still here
}

func ExampleProgress() {
	progress := cell.Progress("count") // draws on standard error
	sum := 0
	for i := range 5 {
		sum += i
		progress(i+1, 5)
	}
	fmt.Println(sum)
	// Output: 10
}

func ExampleLive() {
	count := cell.Live("0 of 2")
	for i := range 2 {
		count.Update(fmt.Sprintf("%d of 2", i+1))
	}
	// Output:
	// 0 of 2
	// 1 of 2
	// 2 of 2
}

func ExampleShow() {
	cell.Show(struct {
		Order []int
		Loss  float64
	}{[]int{2, 0, 1}, 1.5})
	// Output: {Order:[2 0 1] Loss:1.5}
}

func ExampleClear() {
	for step := range 3 {
		cell.Clear(true) // in a notebook only the last step remains
		cell.Show(fmt.Sprint("step ", step))
	}
	// Output:
	// step 0
	// step 1
	// step 2
}

func ExampleTarget() {
	count := 0
	err := cell.Target("counter", func(c *cell.Comm, data json.RawMessage) {
		c.OnMessage(func(json.RawMessage) {
			count++
			c.Send(map[string]int{"count": count})
		})
	})
	fmt.Println(err) // in a notebook: nil
	// Output: cell: register target counter: no front end with comms
}

func ExampleOpenComm() {
	c, err := cell.OpenComm("slider", map[string]int{"min": 0, "max": 10})
	if errors.Is(err, cell.ErrNoComms) {
		fmt.Println("not in a notebook")
		return
	}
	c.OnMessage(func(data json.RawMessage) {
		var moved struct{ Value int }
		if json.Unmarshal(data, &moved) == nil {
			fmt.Println("at", moved.Value)
		}
	})
	// Output: not in a notebook
}
