// Package notice delivers the notifications of WeChat Pay: it seals them, sends them,
// repeats them by WeChat's schedule until the host answers 2xx, and spoils deliveries.
//
// It does not decide when there is something to notify. Package pay does.
package notice
