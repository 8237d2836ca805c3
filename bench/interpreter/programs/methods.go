package programs

type account struct {
	balance int
	entries int
}

func (a *account) deposit(n int) {
	a.balance += n
	a.entries++
}

func (a account) mean() int { return a.balance / a.entries }

// Methods calls methods with pointer and value receivers.
func Methods() int {
	a, sum := &account{}, 0
	for i := 0; i < 20_000; i++ {
		a.deposit(i)
		sum += a.mean()
	}
	return sum
}
