import inspect, pathlib, traceback
from tests.cases.conftest import world  # noqa
from tests.regulations.letters_of_places import PLACES, letters_of
from tests.regulations import test_letter_checklist as a, test_notice_checklist as b
import pytest
@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.id)
def test_all(place, world, app, request):
    letters = letters_of(world, place, app)
    pathlib.Path(f"/tmp/law/{place.id}.txt").write_text("\n".join(f"== {n}\n{l.page}\n" for n, l in letters.items()))
    bad = []
    for mod in (a, b):
        for name, f in vars(mod).items():
            if not name.startswith("test_") or not callable(f): continue
            params = inspect.signature(f).parameters
            if 'name' in params and set(params) <= {'place','letters','name'}:
                for m in f.pytestmark:
                    for v in m.args[1]:
                        try: f(**{k: {'place':place,'letters':letters,'name':v}[k] for k in params})
                        except Exception: bad.append(name + traceback.format_exc()[-700:])
                continue
            if not set(params) <= {"place", "letters"}: continue
            try: f(**{k: v for k, v in {"place": place, "letters": letters}.items() if k in params})
            except Exception: bad.append(name + "\n" + traceback.format_exc()[-700:])
    assert not bad, "\n".join(bad)
