// This file lets yaegi.go declare functions without bodies.
