package programs

// Channels passes numbers from a goroutine to another.
func Channels() int {
	numbers := make(chan int)
	go func() {
		for i := 0; i < 5_000; i++ {
			numbers <- i
		}
		close(numbers)
	}()
	sum := 0
	for n := range numbers {
		sum += n
	}
	return sum
}
