namespace XVideo.Judge;

/// <summary>What can be asked about a clip.</summary>
/// <remarks>
/// "Second" belongs to the other object of two shapes, the sun of planets, and the lamp a traffic light ends with.
/// Colour is the sky's for the sun over the sea, the hand's for a clock, the sail's for a boat.
/// </remarks>
public enum Aspect { Color, SecondColor, Shape, SecondShape, Count, Motion, Background, Relation, Placement, Size, Speed, Land, Weather }
