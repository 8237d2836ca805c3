// This file lets stop.go declare functions without bodies.
