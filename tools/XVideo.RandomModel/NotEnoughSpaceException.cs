using System.Globalization;

namespace XVideo.RandomModel;

/// <summary>The model would not fit the disk; found before anything is written.</summary>
internal sealed class NotEnoughSpaceException(string folder, long needed, long available) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"The model needs {needed / 1e9:0.00} GB; {available / 1e9:0.00} GB are free in {folder}. Free space, choose another --out, or write fewer --parts or --layers."));
