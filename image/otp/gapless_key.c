// SPDX-License-Identifier: GPL-2.0-only
/*
 * The board's one-time key of a Raspberry Pi, for root to read: /sys/module/gapless_key/parameters/key.
 *
 * The firmware tells it through its mailbox (property tag 0x00030081, as rpi-otp-private-key of Raspberry Pi OS asks
 * for it). Debian's kernel speaks with the firmware, but has no way from a program to it, and no driver for this. The
 * key is asked for at each reading and kept nowhere; it cannot be written here.
 */
#include <linux/module.h>
#include <linux/of.h>
#include <linux/string.h>
#include <soc/bcm2835/raspberrypi-firmware.h>

#define GET_PRIVATE_KEY 0x00030081
#define ROWS 8

struct key_rows {
	__le32 first;
	__le32 count;
	__le32 rows[ROWS];
};

static struct rpi_firmware *firmware;

static int get_key(char *buffer, const struct kernel_param *param)
{
	struct key_rows asked = { .count = cpu_to_le32(ROWS) };
	int failed, row, length = 0;

	failed = rpi_firmware_property(firmware, GET_PRIVATE_KEY, &asked, sizeof(asked));
	if (!failed && (asked.first || le32_to_cpu(asked.count) != ROWS))
		failed = -EIO;
	for (row = 0; !failed && row < ROWS; row++)
		length += sysfs_emit_at(buffer, length, "%08x", le32_to_cpu(asked.rows[row]));
	memzero_explicit(&asked, sizeof(asked));
	return failed ? failed : length + sysfs_emit_at(buffer, length, "\n");
}

static const struct kernel_param_ops key_ops = { .get = get_key };
module_param_cb(key, &key_ops, NULL, 0400);
MODULE_PARM_DESC(key, "the board's one-time key, in hexadecimal; zeros where it was never set");

static int __init find_firmware(void)
{
	struct device_node *node = rpi_firmware_find_node();

	if (!node)
		return -ENODEV;
	firmware = rpi_firmware_get(node);
	of_node_put(node);
	return firmware ? 0 : -ENODEV;
}
module_init(find_firmware);

static void __exit let_go(void)
{
	rpi_firmware_put(firmware);
}
module_exit(let_go);

MODULE_AUTHOR("Gapless");
MODULE_DESCRIPTION("The one-time key of a Raspberry Pi");
MODULE_LICENSE("GPL");
