"""A small two-storey building in jpscore's words, measured by hand.

Hall 10 x 4 m at 0 m, flight up east (run 3 m, 2 m wide) to a landing at 1.5 m, a second flight
back over it to an office of 10 x 2 m at 3 m; the hall has one exit of 1.2 m.
"""

from collections.abc import Sequence
from pathlib import Path

Points = Sequence[tuple[float, float]]


def subroom(number: int, walls: Sequence[Points], plane=(0, 0, 0), sort="subroom", more="") -> str:
    lines = "".join(
        "<polygon caption='wall'>"
        + "".join(f"<vertex px='{x}' py='{y}'/>" for x, y in wall)
        + "</polygon>"
        for wall in walls
    )
    a, b, c = plane
    head = f"<subroom id='{number}' class='{sort}' A_x='{a}' B_y='{b}' C_z='{c}'>"
    return f"{head}{lines}{more}</subroom>"


def door(tag: str, number: int, ends: str, line: Points) -> str:
    spots = "".join(f"<vertex px='{x}' py='{y}'/>" for x, y in line)
    return f"<{tag} id='{number}' {ends}>{spots}</{tag}>"


def crossing(number: int, first: int, second: int, line: Points) -> str:
    return door("crossing", number, f"subroom1_id='{first}' subroom2_id='{second}'", line)


def transition(number: int, ends: Sequence[tuple[int, int]], line: Points) -> str:
    said = " ".join(
        f"room{k}_id='{room}' subroom{k}_id='{sub}'" for k, (room, sub) in enumerate(ends, 1)
    )
    return door("transition", number, said, line)


HALL = subroom(0, [[(10, 0), (0, 0), (0, 1.4)], [(0, 2.6), (0, 4), (10, 4)], [(10, 4), (10, 2)]])
FLIGHT = subroom(1, [[(10, 0), (13, 0)], [(10, 2), (13, 2)]], (0.5, 0, -5), "stair")
LANDING = subroom(0, [[(13, 0), (15, 0), (15, 4), (13, 4)]], (0, 0, 1.5))
BACK = subroom(1, [[(13, 2), (10, 2)], [(13, 4), (10, 4)]], (-0.5, 0, 8), "stair")
OFFICE = subroom(0, [[(10, 4), (0, 4)], [(0, 2), (10, 2)], [(0, 4), (0, 2)]], (0, 0, 3))
ROOMS = (
    f"<room id='0' caption='Ground'>{HALL}{FLIGHT}<crossings>"
    + crossing(0, 0, 1, [(10, 0), (10, 2)])
    + f"</crossings></room><room id='1' caption='Landing'>{LANDING}{BACK}<crossings>"
    + crossing(1, 0, 1, [(13, 2), (13, 4)])
    + f"</crossings></room><room id='2' caption='Office'>{OFFICE}</room>"
)
TRANSITIONS = (
    transition(0, [(0, 0), (-1, -1)], [(0, 1.4), (0, 2.6)])
    + transition(1, [(0, 1), (1, 0)], [(13, 0), (13, 2)])
    + transition(2, [(1, 1), (2, 0)], [(10, 2), (10, 4)])
)
SETTINGS = """<JuPedSim><geometry>../geometry.xml</geometry>
<traffic_constraints><doors><door trans_id='0' state='open'/></doors></traffic_constraints>
<agents operational_model_id='3'><agents_distribution>
<group group_id='1' agent_parameter_id='1' room_id='2' subroom_id='0' number='6' goal_id='-1'
 pre_movement_mean='10' pre_movement_sigma='2'/>
<group group_id='2' agent_parameter_id='1' room_id='9' subroom_id='0' number='3' goal_id='-1'/>
</agents_distribution></agents>
<operational_models><model operational_model_id='3'><agent_parameters agent_parameter_id='1'>
<v0 mu='1.2' sigma='0.1'/></agent_parameters></model></operational_models></JuPedSim>"""


def geometry(rooms: str = ROOMS, transitions: str = TRANSITIONS, unit: str = "m") -> str:
    return (
        f"<?xml version='1.0'?><geometry version='0.8' caption='Annex' unit='{unit}'>"
        f"<rooms>{rooms}</rooms><transitions>{transitions}</transitions></geometry>"
    )


def write(folder: Path, text: str | None = None, settings: bool = True) -> Path:
    """Write geometry.xml and its settings file; return the path of the geometry."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "geometry.xml").write_text(geometry() if text is None else text)
    if settings:
        (folder / "master_ini.xml").write_text(SETTINGS)
    return folder / "geometry.xml"
