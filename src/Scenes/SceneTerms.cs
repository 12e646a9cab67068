namespace XVideo.Scenes;

/// <summary>Which part of the attribute combinations a scene comes from; see <see cref="SceneGrammar.IsHeldOut"/>.</summary>
public enum Split { Train, HeldOut }

public enum Shape { Ball, Square, Triangle, Star, Hexagon, Heart, Ring, Diamond }

public enum NamedColor { Red, Green, Blue, Yellow, Orange, Purple, Pink, Cyan, White, Black }

public enum SizeClass { Small, Large }

public enum Speed { Slow, Fast }

/// <summary>What changes over the clip. One word per scene, whatever the family.</summary>
public enum Motion
{
    Still, Left, Right, Up, Down, UpLeft, UpRight, DownLeft, DownRight,
    Clockwise, CounterClockwise, Grow, Shrink, Pulse, Together, Apart, Bounce, Float, Fall, ChangeColor,
}

public enum Relation { LeftOf, Above }

/// <summary>What is behind the objects: plain backdrops, then grounds, then times of day.</summary>
public enum Backdrop
{
    White, Black, Gray, Cream, LightBlue, DarkBlue, Mint, Lavender,
    Grass, Sand, Snow, Wood,
    Day, Sunset, Night,
}

/// <summary>What kind of land a landscape shows.</summary>
public enum Land { Hills, Mountains, Dunes }

public enum Weather { Snow, Rain }

public enum Placement { Left, Middle, Right }
