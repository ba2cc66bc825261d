"""One thread in BLAS inside, whatever there was before given back outside."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import scipy.linalg
from threadpoolctl import threadpool_info, threadpool_limits

from backdoor_game.ground._blas import one_blas_thread


def counts():
    """Threads of every BLAS that is loaded."""
    assert np.ones(1) @ np.ones(1) == scipy.linalg.norm([1.0])
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.fixture
def two():
    with threadpool_limits(2, user_api="blas"):
        assert set(counts()) == {2}
        yield


def test_inside_there_is_one_thread_and_after_it_there_are_as_many_as_before(two):
    with one_blas_thread():
        assert set(counts()) == {1}
        with one_blas_thread():
            assert set(counts()) == {1}
        assert set(counts()) == {1}
    assert set(counts()) == {2}


def test_an_error_inside_gives_the_threads_back(two):
    with pytest.raises(ZeroDivisionError), one_blas_thread():
        raise ZeroDivisionError
    assert set(counts()) == {2}


def test_one_who_leaves_early_does_not_give_the_threads_back_while_another_is_inside(two):
    entered, left = threading.Event(), threading.Event()

    def second():
        with one_blas_thread():
            entered.set()
            left.wait(10)

    other = threading.Thread(target=second)
    with one_blas_thread():
        other.start()
        assert entered.wait(10)
    assert set(counts()) == {1}
    left.set()
    other.join(10)
    assert set(counts()) == {2}


def test_a_thread_may_enter_while_the_main_one_has_set_a_number_of_its_own(two):
    found = []

    def second():
        with one_blas_thread():
            found.extend(counts())

    other = threading.Thread(target=second)
    other.start()
    other.join(10)
    assert set(found) == {1}
    assert set(counts()) == {2}
