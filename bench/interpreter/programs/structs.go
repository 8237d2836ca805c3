package programs

type particle struct{ x, y, vx, vy float64 }

// Structs moves particles about.
func Structs() int {
	list := make([]particle, 50)
	for i := range list {
		list[i] = particle{vx: float64(i), vy: 1}
	}
	for step := 0; step < 1_000; step++ {
		for i := range list {
			p := &list[i]
			p.x += p.vx * 0.1
			p.y += p.vy * 0.1
			if p.x > 10 {
				p.vx = -p.vx
			}
		}
	}
	sum := 0.0
	for _, p := range list {
		sum += p.x + p.y
	}
	return int(sum * 1000)
}
