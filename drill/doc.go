// Command drill proves that no fen is lost or doubled while everything fails that can
// fail. Several workers do thousands of random actions of owners and staff against two
// server processes (the real binary) on one database, while
//
//   - the sandbox in WeChat's place delays, drops, repeats, reorders and forges its
//     callbacks, times out, and answers 429, 500 or without a signature;
//   - connections between server and database, server and WeChat, and phones and
//     server are cut or stall;
//   - the processes are killed with SIGKILL and started again.
//
// Then the faults end and everything settles. The books must agree with themselves
// (`check`), and WeChat's own books must equal ours to the fen, order by order and in
// sum. Otherwise the command exits with 1.
//
//	.ci/mariadb go run ./drill               two processes on a MariaDB
//	go run ./drill                           one process on SQLite
//	go run ./drill -seed 7 -plan             the actions of a seed, without doing them
//
// The same seed produces the same actions, faults and kills in the same order. The moment
// of each depends on the machine. Business time runs through several days: at the end of
// each day the processes are killed and the clock is set to the next morning.
package main
