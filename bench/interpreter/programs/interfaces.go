package programs

type shape interface{ area() float64 }

type square struct{ side float64 }

func (s square) area() float64 { return s.side * s.side }

type circle struct{ radius float64 }

func (c *circle) area() float64 { return 3 * c.radius * c.radius }

// Interfaces calls methods through an interface.
func Interfaces() int {
	shapes := []shape{square{2}, &circle{1}, square{3}}
	sum := 0.0
	for i := 0; i < 20_000; i++ {
		sum += shapes[i%len(shapes)].area()
	}
	return int(sum)
}
