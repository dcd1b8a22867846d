package app

import (
	"fmt"

	"chungtay/notify"
)

// channels are the ways out of the system that the settings name.
func channels(cfg Config) ([]notify.Channel, error) {
	var out []notify.Channel
	if cfg.Mail.Server != "" {
		c, err := notify.NewMail(cfg.Mail)
		if err != nil {
			return nil, fmt.Errorf("mail.server: %w", err)
		}
		out = append(out, c)
	}
	if cfg.SMS.URL != "" {
		c, err := notify.NewSMS(cfg.SMS)
		if err != nil {
			return nil, fmt.Errorf("sms.url: %w", err)
		}
		out = append(out, c)
	}
	return out, nil
}
