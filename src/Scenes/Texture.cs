namespace XVideo.Scenes;

/// <summary>The tiling textures of <see cref="TextureAtlas"/>.</summary>
public enum Texture { None, Grass, Grain, Planks, Ripples, Stars, Clouds, Flakes, Rain, Glitter }
