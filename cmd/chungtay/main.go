// Command chungtay is the one binary of the system: the server and every administrative command.
package main

import (
	"os"

	"chungtay/app"
)

func main() { os.Exit(app.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
