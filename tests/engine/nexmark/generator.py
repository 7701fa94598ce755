# SPDX-License-Identifier: GPL-3.0-or-later
"""Nexmark's auction site as a stream of events: persons, auctions and bids, in the mix and with the hot spots of the
benchmark's first generator. Every event is a function of its number alone: the same numbers give the same events, in
any order and on any machine.
"""

PERSONS, AUCTIONS, EVENTS = 1, 3, 50  # of each 50 events in a row, the rest are bids
FIRST_PERSON, FIRST_AUCTION, FIRST_CATEGORY, CATEGORIES = 1000, 1000, 10, 5
ACTIVE_PEOPLE, IN_FLIGHT_AUCTIONS = 1000, 100
HOT_EVERY = 100  # one id of so many is a hot one
HOT_SELLERS, HOT_AUCTIONS, HOT_BIDDERS = 4, 2, 4
CHANNELS = 10_000
HOT_CHANNELS = ("Google", "Facebook", "Baidu", "Apple")
FIRST_NAMES = ("Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter")
LAST_NAMES = ("Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris")
CITIES = ("Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent",
          "Cheyenne")
STATES = ("AZ", "CA", "ID", "OR", "WA", "WY")
MASK = (1 << 48) - 1


class Random:
    """java.util.Random, whose numbers the benchmark is made of."""

    def __init__(self, seed):
        self.seed = (seed ^ 0x5DEECE66D) & MASK

    def bits(self, count):
        self.seed = (self.seed * 0x5DEECE66D + 0xB) & MASK
        return self.seed >> (48 - count)

    def below(self, bound):
        if bound & (bound - 1) == 0:
            return (bound * self.bits(31)) >> 31
        while True:
            bits = self.bits(31)
            value = bits % bound
            if bits - value + (bound - 1) < 1 << 31:
                return value

    def double(self):
        return ((self.bits(26) << 27) + self.bits(27)) / (1 << 53)

    def word(self, longest):
        length = 3 + self.below(longest - 3)
        return "".join(chr(ord("a") + self.below(26)) if self.below(13) else " " for _ in range(length)).strip()

    def letters(self, length):
        return "".join(chr(ord("a") + self.below(26)) for _ in range(length))

    def price(self):
        return round(10 ** (self.double() * 6) * 100)

    def extra(self, size, wanted):
        """Letters that bring a record of `size` bytes to about `wanted`."""
        if size > wanted:
            return ""
        spread = round((wanted - size) * 0.2)
        return self.letters(wanted - size - spread + (self.below(2 * spread) if spread else 0))


def last_person(number):
    epoch, offset = divmod(number, EVENTS)
    return epoch * PERSONS + min(offset, PERSONS - 1)


def last_auction(number):
    epoch, offset = divmod(number, EVENTS)
    if offset < PERSONS:
        return (epoch - 1) * AUCTIONS + AUCTIONS - 1
    return epoch * AUCTIONS + min(offset - PERSONS, AUCTIONS - 1)


def some_person(number, random):
    people = last_person(number) + 1
    active = min(people, ACTIVE_PEOPLE)
    return people - active + random.below(active + 10)


def some_auction(number, random):
    least = max(last_auction(number) - IN_FLIGHT_AUCTIONS, 0)
    return least + random.below(last_auction(number) - least + 1 + 10)


def person(number, random, time):
    one = {
        "id": last_person(number) + FIRST_PERSON,
        "name": f"{FIRST_NAMES[random.below(len(FIRST_NAMES))]} {LAST_NAMES[random.below(len(LAST_NAMES))]}",
        "emailAddress": f"{random.word(7)}@{random.word(5)}.com",
        "creditCard": " ".join(f"{random.below(10_000):04}" for _ in range(4)),
        "city": CITIES[random.below(len(CITIES))],
        "state": STATES[random.below(len(STATES))],
        "dateTime": time,
    }
    one["extra"] = random.extra(sum(len(str(value)) for value in one.values()), 200)
    return one


def auction(number, random, time):
    hot = random.below(HOT_SELLERS) > 0
    seller = last_person(number) // HOT_EVERY * HOT_EVERY if hot else some_person(number, random)
    first = random.price()
    one = {
        "id": last_auction(number) + FIRST_AUCTION,
        "itemName": random.word(20),
        "description": random.word(100),
        "initialBid": first,
        "reserve": first + random.price(),
        "dateTime": time,
        "expires": time + 1 + random.below(2 * 10_000),
        "seller": seller + FIRST_PERSON,
        "category": FIRST_CATEGORY + random.below(CATEGORIES),
    }
    one["extra"] = random.extra(sum(len(str(value)) for value in one.values()), 500)
    return one


def bid(number, random, time):
    hot = random.below(HOT_AUCTIONS) > 0
    item = max(last_auction(number), 0) // HOT_EVERY * HOT_EVERY if hot else some_auction(number, random)
    hot = random.below(HOT_BIDDERS) > 0
    bidder = last_person(number) // HOT_EVERY * HOT_EVERY + 1 if hot else some_person(number, random)
    price = random.price()
    path = "/".join(random.letters(5) for _ in range(3))
    url = f"https://www.nexmark.com/{path}/item.htm?query=1"
    if random.below(2):
        channel = HOT_CHANNELS[random.below(len(HOT_CHANNELS))]
    else:
        kind = random.below(CHANNELS)
        channel = f"channel-{kind}"
        if kind % 10:
            url += f"&channel_id={kind * 104_729 % (1 << 30)}"
    one = {"auction": item + FIRST_AUCTION, "bidder": bidder + FIRST_PERSON, "price": price, "channel": channel,
           "url": url, "dateTime": time}
    one["extra"] = random.extra(32, 100)
    return one


def event(number, first_time, per_second):
    """Event `number` (from 0) as (kind, fields): 0 a person, 1 an auction, 2 a bid; times in milliseconds. Out of order
    within a second."""
    random = Random(number)
    time = first_time + number * 1000 // per_second - random.below(1000)
    offset = number % EVENTS
    if offset < PERSONS:
        return 0, person(number, random, time)
    if offset < PERSONS + AUCTIONS:
        return 1, auction(number, random, time)
    return 2, bid(number, random, time)
