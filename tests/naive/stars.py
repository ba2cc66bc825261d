"""Stars from their definition: every centre, every set of points, every member."""

import itertools


def leaves(labels, centre, points):
    """For each of the points the members that differ from the centre there and at no other of them."""
    apart = [[int(row[x] != labels[centre][x]) for x in points] for row in labels]
    return [[k for k, row in enumerate(apart) if row[i] == 1 and sum(row) == 1] for i in range(len(points))]


def first_star(labels, r):
    """Centre, points and least leaves of the first star of r points, by centre and then by points; None without one."""
    for centre in range(len(labels)):
        for points in itertools.combinations(range(len(labels[0])), r):
            found = leaves(labels, centre, points)
            if all(found):
                return centre, points, [members[0] for members in found]
    return None


def star_number(labels):
    """The most points of a star."""
    return max(r for r in range(len(labels[0]) + 1) if first_star(labels, r) is not None)
