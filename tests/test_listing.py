#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What software centres show of Whis, by the rules that Flathub publishes for it: version, links,
pictures, colours. appstreamcli and desktop-file-validate check the form of these files, in tests of
their own."""

import configparser
import datetime
import os
import pathlib
import re
import struct
import unittest
import xml.etree.ElementTree

import tap

SOURCE = pathlib.Path(__file__).resolve().parent.parent
METAINFO = xml.etree.ElementTree.parse(os.environ["WHIS_METAINFO"]).getroot()
APP_ID = METAINFO.findtext("id")


def luminance(colour):
    red, green, blue = (int(colour[i:i + 2], 16) for i in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


class Metainfo(unittest.TestCase):
    def test_the_newest_release_is_this_version(self):
        releases = METAINFO.findall("releases/release")
        self.assertEqual(releases[0].get("version"), os.environ["WHIS_VERSION"])
        for release in releases:
            self.assertLessEqual(datetime.date.fromisoformat(release.get("date")),
                                 datetime.date.today())

    def test_links(self):
        links = {link.get("type"): link.text for link in METAINFO.findall("url")}
        self.assertLessEqual({"homepage", "bugtracker", "vcs-browser"}, links.keys())
        for link in links.values():
            self.assertTrue(link.startswith("https://"), link)


class Looks(unittest.TestCase):
    def test_screenshots(self):
        screenshots = METAINFO.findall("screenshots/screenshot")
        self.assertTrue(3 <= len(screenshots) <= 10)
        self.assertEqual([shot.get("type") for shot in screenshots].count("default"), 1)
        self.assertEqual(screenshots[0].get("type"), "default")
        for shot in screenshots:
            address = shot.findtext("image")
            # A picture of a tag: the next commit may not change what a release shows.
            found = re.search(r"/v([^/]+)/(data/screenshots/.*)$", address)
            self.assertEqual(found[1], os.environ["WHIS_VERSION"], address)
            picture = (SOURCE / found[2]).read_bytes()
            width, height, depth, colour = struct.unpack(">IIBB", picture[16:26])
            with self.subTest(address):
                self.assertLessEqual((width, height), (1000, 800))
                self.assertEqual((depth, colour), (8, 6), "has no alpha: no shadow, no round corners")

    def test_brand_colours_suit_light_and_dark(self):
        colours = {colour.get("scheme_preference"): colour.text
                   for colour in METAINFO.findall("branding/color[@type='primary']")}
        self.assertGreater(luminance(colours["light"]), 0.6)
        self.assertLess(luminance(colours["dark"]), 0.35)

    def test_hardware(self):
        controls = {control.text for control in METAINFO.findall("recommends/control")}
        self.assertEqual(controls, {"keyboard", "pointing", "touch"})
        self.assertLessEqual(int(METAINFO.findtext("requires/display_length")), 360)


class DesktopFile(unittest.TestCase):
    def setUp(self):
        self.file = configparser.RawConfigParser(strict=True)
        self.file.optionxform = str
        self.file.read(os.environ["WHIS_DESKTOP_FILE"], encoding="utf-8")

    def test_names_begin_with_the_application_id(self):
        self.assertEqual(pathlib.Path(os.environ["WHIS_DESKTOP_FILE"]).name, APP_ID + ".desktop")
        self.assertEqual(METAINFO.findtext("launchable"), APP_ID + ".desktop")
        self.assertEqual(self.file["Desktop Entry"]["Icon"], APP_ID)

    def test_it_is_found_in_one_place_of_the_menu(self):
        main = {"AudioVideo", "Audio", "Video", "Development", "Education", "Game", "Graphics",
                "Network", "Office", "Science", "Settings", "System", "Utility"}
        categories = self.file["Desktop Entry"]["Categories"].split(";")
        self.assertEqual(len(main.intersection(categories)), 1, categories)


if __name__ == "__main__":
    tap.main()
