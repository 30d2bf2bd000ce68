-- SPDX-License-Identifier: GPL-2.0
-- This file owns the dissector of PreserveTCP's options for Wireshark and tshark: docs/protocols/preserve.md.
--
--   tshark -X lua_script:preserve.lua -Y umx_preserve -r FILE
--
-- It is a postdissector: the options stand inside IPv6 Destination Options, which Wireshark dissects by itself.

local preserve = Proto("umx_preserve", "PreserveTCP")
local f = preserve.fields

f.what = ProtoField.string("umx_preserve.what", "What")
f.form = ProtoField.string("umx_preserve.form", "Form")
f.prefix = ProtoField.string("umx_preserve.prefix", "Offered")
f.echo = ProtoField.string("umx_preserve.echo", "Accepted")
f.bitmap = ProtoField.uint8("umx_preserve.bitmap", "Accepted entries", base.HEX)
f.check = ProtoField.uint32("umx_preserve.check", "Check", base.HEX)
f.bad = ProtoField.string("umx_preserve.bad", "Malformed")

local dstopts = Field.new("ipv6.dstopts")

-- The prefix of plen bits in the whole bytes of range, as an address with its length.
local function prefix_text(range, plen)
	local words, bytes = {}, range:bytes()

	for i = 0, 14, 2 do
		local high = i < bytes:len() and bytes:get_index(i) or 0
		local low = i + 1 < bytes:len() and bytes:get_index(i + 1) or 0
		words[#words + 1] = string.format("%x", high * 256 + low)
	end
	return table.concat(words, ":") .. "/" .. plen
end

-- Entries of an offer or an echo.
local function entries(tree, field, range)
	local off = 0

	while off < range:len() do
		local plen = range(off, 1):uint()
		local bytes = math.floor((plen + 7) / 8)

		if plen == 0 or plen > 128 or off + 1 + bytes > range:len() then
			tree:add(f.bad, range(off), "an entry of " .. plen .. " bits")
			return
		end
		tree:add(field, range(off, 1 + bytes), prefix_text(range(off + 1, bytes), plen))
		off = off + 1 + bytes
	end
end

local function compact(tree, range)
	local what = range(0, 1):uint() % 4
	local off = 1
	local names = { "offer", "acceptance", "offer and acceptance" }

	tree:add(f.form, range(0, 1), "compact")
	tree:add(f.what, range(0, 1), names[what] or "nothing")
	if what >= 2 then
		if range:len() < 6 then
			tree:add(f.bad, range, "half an acceptance")
			return
		end
		tree:add(f.bitmap, range(1, 1))
		tree:add(f.check, range(2, 4))
		off = 6
	end
	if what % 2 == 1 and off < range:len() then
		entries(tree, f.prefix, range(off))
	end
end

local function thesis(tree, range, offer)
	tree:add(f.form, range, "thesis")
	tree:add(f.what, range, offer and "offer" or "acceptance")
	entries(tree, offer and f.prefix or f.echo, range)
end

-- One Destination Options header.
local function header(buffer, root, offset, length)
	local off = offset + 2

	while off < offset + length do
		local kind = buffer(off, 1):uint()
		local len = 0

		if kind ~= 0 then
			if off + 2 > offset + length then
				return
			end
			len = 1 + buffer(off + 1, 1):uint()
			if off + 1 + len > offset + length then
				return
			end
			if kind == 0x1e and len > 1 and math.floor(buffer(off + 2, 1):uint() / 4) == 0x50 / 4 then
				compact(root:add(preserve, buffer(off, 1 + len)), buffer(off + 2, len - 1))
			elseif (kind == 0x0b or kind == 0x0c) and len > 1 then
				thesis(root:add(preserve, buffer(off, 1 + len)), buffer(off + 2, len - 1), kind == 0x0b)
			end
		end
		off = off + 1 + len
	end
end

function preserve.dissector(buffer, pinfo, root)
	for _, info in ipairs({ dstopts() }) do
		header(buffer, root, info.offset, info.len)
	end
end

register_postdissector(preserve)
